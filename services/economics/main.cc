#include "common/app/run.h"
#include "economics/module.h"

int main(int argc, char** argv) {
  return plumbline::app::RunService("economics", {}, argc, argv, plumbline::economics::MakeModule);
}
