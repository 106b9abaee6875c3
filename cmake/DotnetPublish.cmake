# dotnet_publish(target project product output instruction_set CPU_CHECK target [UNUSED folder...] [ONLY folder])
#
# Compiles a managed project ahead of time (NativeAOT) and copies the one file that comes out of it, `product`, to `output` in the
# build folder. Runs when a managed source has changed that does not lie in an UNUSED folder, or that lies in the ONLY one. Each
# instruction set has its own folder for intermediate files, so that none is compiled anew for the sake of another. CPU_CHECK: an object
# library that is linked in.

find_program(DOTNET dotnet REQUIRED)

# Two dotnet at a time would write the same intermediate files.
set_property(GLOBAL APPEND PROPERTY JOB_POOLS dotnet=1)

file(GLOB_RECURSE managed_sources CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/managed/*.cs ${CMAKE_SOURCE_DIR}/managed/*.csproj ${CMAKE_SOURCE_DIR}/managed/*.props
     ${CMAKE_SOURCE_DIR}/interop/*.cs ${CMAKE_SOURCE_DIR}/interop/*.c
     ${CMAKE_SOURCE_DIR}/interop/*.csproj ${CMAKE_SOURCE_DIR}/interop/*.props)
# The page of reports, where ./build.sh could make it.
file(GLOB report_page CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/build/report/page.html)
list(APPEND managed_sources ${report_page})
file(GLOB shared_settings CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/Directory.*.props ${CMAKE_SOURCE_DIR}/global.json)

function(dotnet_publish target project product output instruction_set)
  cmake_parse_arguments(PARSE_ARGV 5 arg "" "CPU_CHECK;ONLY" UNUSED)
  set(sources ${managed_sources})
  foreach(folder IN LISTS arg_UNUSED)
    list(FILTER sources EXCLUDE REGEX "/${folder}/")
  endforeach()
  if(arg_ONLY)
    list(FILTER sources INCLUDE REGEX "/${arg_ONLY}/")
  endif()
  set(artifacts ${CMAKE_BINARY_DIR}/dotnet-${instruction_set})
  set(stage ${artifacts}/stage/${target})
  add_custom_command(
    OUTPUT ${CMAKE_BINARY_DIR}/${output}
    COMMAND ${DOTNET} publish ${CMAKE_SOURCE_DIR}/${project} --configuration Release --runtime linux-x64 --output ${stage}
            --nologo --verbosity quiet -p:ArtifactsPath=${artifacts} -p:IlcInstructionSet=${instruction_set} -p:SysRoot=${DENOISE_SYSROOT}
            -p:CpuCheck=$<TARGET_OBJECTS:${arg_CPU_CHECK}>
    COMMAND ${CMAKE_COMMAND} -D from=${stage}/${product} -D to=${CMAKE_BINARY_DIR}/${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/PutInPlace.cmake
    DEPENDS ${sources} ${shared_settings} $<TARGET_OBJECTS:${arg_CPU_CHECK}>
    JOB_POOL dotnet
    COMMENT "Publishing ${output} (${instruction_set})"
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${CMAKE_BINARY_DIR}/${output})
endfunction()
