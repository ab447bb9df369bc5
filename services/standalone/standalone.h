#ifndef PLUMBLINE_STANDALONE_STANDALONE_H_
#define PLUMBLINE_STANDALONE_STANDALONE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "grpcpp/channel.h"

namespace plumbline::standalone {

struct Options {
  std::string folder;               // where SQLite files and Redis's files live; created when missing
  std::string data_dir;             // frames, instrument keys, unit costs
  std::string listen;               // the gateway's address; empty: in-process calls only
  int workers = 2;                  // of each service
  std::string metrics_listen = {};  // as app::MetricsServer::Start takes it; empty: no metrics are served
  // Key ring for pseudonyms, made when the file is missing; empty: they are not remembered from one import to the next.
  std::string pseudonym_key_file = {};
};

// All of Plumbline in one process: the four services with a SQLite file each, and a redis-server of its own. One
// process at a time may use a folder. Thread-safe.
class Standalone {
 public:
  // FAILED_PRECONDITION when another process uses the folder; else what the services say.
  static absl::StatusOr<std::unique_ptr<Standalone>> Start(const Options& options, Clock& clock, IdGenerator& ids);
  ~Standalone();  // Drain(0)

  std::shared_ptr<grpc::Channel> gateway();  // in-process
  const std::string& address() const;        // of the gateway; empty when it does not listen
  void Drain(absl::Duration grace);

 private:
  struct Parts;
  explicit Standalone(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace plumbline::standalone

#endif  // PLUMBLINE_STANDALONE_STANDALONE_H_
