# cmake -D from=FOLDER -D to=PATH -D file=NAME -P Install.cmake: puts the published file in its place in one step, so that a program
# that is running with the old file keeps it.
file(COPY_FILE ${from}/${file} ${to}.new)
file(RENAME ${to}.new ${to})
file(TOUCH ${to})
