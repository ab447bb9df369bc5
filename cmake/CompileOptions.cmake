# Every flag of our own code, in one place. Generated and third-party code is included as SYSTEM.
add_library(plumbline_options INTERFACE)
add_library(plumbline::options ALIAS plumbline_options)

target_compile_options(plumbline_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror
  -fno-math-errno)          # stats never reads errno; sqrt and friends inline

# Results must not depend on whether the compiler fuses a multiply and an add (promise 4: same seed, same digits).
target_compile_options(plumbline_options INTERFACE -ffp-contract=off)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives inside std::string and std::variant at -O1 and above (GCC bugs 105329, 105562).
  target_compile_options(plumbline_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()

if(PLUMBLINE_SANITIZE)
  target_compile_options(plumbline_options INTERFACE -fsanitize=${PLUMBLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(plumbline_options INTERFACE -fsanitize=${PLUMBLINE_SANITIZE})
endif()

# hiredis asks for it; a macro that only some targets have would keep them from the shared precompiled header.
add_compile_definitions(_FILE_OFFSET_BITS=64)

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
