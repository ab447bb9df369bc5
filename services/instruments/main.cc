#include "common/app/run.h"
#include "instruments/module.h"

int main(int argc, char** argv) {
  return plumbline::app::RunService("instruments", {}, argc, argv, plumbline::instruments::MakeModule);
}
