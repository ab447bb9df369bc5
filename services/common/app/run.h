#ifndef PLUMBLINE_COMMON_APP_RUN_H_
#define PLUMBLINE_COMMON_APP_RUN_H_

#include <string>
#include <vector>

#include "common/app/module.h"

namespace plumbline::app {

// What a service's main.cc is: reads --role and the environment (see services/common/app/README.md), opens database and
// queue, makes the module, serves until SIGTERM or SIGINT, drains; or does what the command "audit" says. The exit code
// for main.
//
//   int main(int argc, char** argv) { return plumbline::app::RunService("coding", {}, argc, argv,
//   plumbline::coding::MakeModule); }
//
// `peers` are names of services to open channels to: "coding" is dialled at PLUMBLINE_CODING_ADDRESS.
int RunService(const std::string& service, const std::vector<std::string>& peers, int argc, char** argv,
               const ModuleFactory& factory);

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_RUN_H_
