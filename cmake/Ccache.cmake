# A second clean build on the same machine should cost seconds. Precompiled headers need the sloppiness below,
# see the "Precompiled headers" section of ccache's manual.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(plumbline_ccache ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${plumbline_ccache})
  set(CMAKE_C_COMPILER_LAUNCHER ${plumbline_ccache})
endif()
