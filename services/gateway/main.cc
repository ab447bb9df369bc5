#include "common/app/run.h"
#include "gateway/module.h"

int main(int argc, char** argv) {
  return plumbline::app::RunService("gateway", {"coding", "instruments", "economics"}, argc, argv,
                                    plumbline::gateway::MakeModule);
}
