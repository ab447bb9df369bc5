#ifndef PLUMBLINE_COMMON_APP_MODULE_H_
#define PLUMBLINE_COMMON_APP_MODULE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/crypto/keyed_hash.h"
#include "common/jobs/handler.h"
#include "common/jobs/operation_store.h"
#include "common/rpc/handler.h"
#include "common/sql/database.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/impl/codegen/service_type.h"

namespace plumbline::app {

// What a service is given to run on. Everything outlives the module.
struct Platform {
  Clock& clock;
  IdGenerator& ids;
  sql::Database& database;  // its own schema; request_log, audit_log and operations are there already
  jobs::OperationStore& operations;
  jobs::Submitter& submitter;
  rpc::Handlers& handlers;
  std::string data_dir;  // folder with frames/, instruments/, unit-costs/
  // Tells whether two names are the same without keeping them; nullptr where no key is configured.
  const crypto::KeyedHash* pseudonym_hash = nullptr;
  // Channels to other services by name ("coding"); only the gateway has any.
  std::map<std::string, std::shared_ptr<grpc::Channel>> peers;
};

// One service, ready to be hosted: alone by its main.cc, or with the others by standalone. Thread-safe once made.
class Module {
 public:
  virtual ~Module() = default;
  virtual std::vector<grpc::Service*> services() = 0;  // besides OperationsService, which the host adds
  virtual jobs::HandlerMap handlers() = 0;             // by Operation::kind
  virtual grpc::CallbackGenericService* fallback() { return nullptr; }
  // False: the module serves OperationsService itself (the gateway does, for all services).
  virtual bool host_serves_operations() const { return true; }
};

// Migrates the service's own tables and makes it. Each service exports one: coding::MakeModule.
using ModuleFactory = std::function<absl::StatusOr<std::unique_ptr<Module>>(const Platform&)>;

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_MODULE_H_
