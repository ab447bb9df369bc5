# Every third-party part, found once. tools/setup.sh installs the Debian packages named beside each.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED)                                     # libabsl-dev
find_package(Protobuf REQUIRED)                                 # libprotobuf-dev, protobuf-compiler
find_package(spdlog REQUIRED)                                   # libspdlog-dev
find_package(OpenSSL REQUIRED)                                  # libssl-dev
pkg_check_modules(grpcpp REQUIRED IMPORTED_TARGET grpc++)       # libgrpc++-dev
find_library(GRPCPP_REFLECTION grpc++_reflection REQUIRED)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)     # libhiredis-dev: its CMake config is broken in Debian 12
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)         # libpq-dev
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)     # libsqlite3-dev
find_package(prometheus-cpp REQUIRED)                           # prometheus-cpp-dev
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)          # protobuf-compiler-grpc
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)        # librandom123-dev
find_package(Boost 1.81 REQUIRED)                               # libboost1.81-dev (headers: Math, Beast)
find_path(NLOHMANN_JSON_INCLUDE nlohmann/json.hpp REQUIRED)     # nlohmann-json3-dev
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)                   # libcli11-dev
if(PLUMBLINE_TESTS)
  find_package(GTest REQUIRED)                                  # libgtest-dev, libgmock-dev
endif()
if(PLUMBLINE_BENCH)
  find_package(benchmark REQUIRED)                              # libbenchmark-dev
endif()

