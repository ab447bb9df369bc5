#include "coding/module.h"
#include "common/app/run.h"

int main(int argc, char** argv) {
  return plumbline::app::RunService("coding", {}, argc, argv, plumbline::coding::MakeModule);
}
