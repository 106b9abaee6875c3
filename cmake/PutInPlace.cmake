# cmake -D from=FILE -D to=FILE -P PutInPlace.cmake: puts a published file in its place in one step, so that a program that is running
# with the old file keeps it.
cmake_path(GET to PARENT_PATH folder)
file(MAKE_DIRECTORY ${folder})
file(COPY_FILE ${from} ${to}.new)
file(RENAME ${to}.new ${to})
file(TOUCH ${to})
