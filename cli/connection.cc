#include "cli/connection.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/app/host_options.h"
#include "common/base/env.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"

namespace plumbline::cli {

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Target& target) {
  std::unique_ptr<Connection> connection(new Connection);
  if (!target.embedded) {
    connection->channel_ = rpc::MakeChannel(target.address);
    return connection;
  }
  standalone::Options options;
  options.folder = target.folder;
  if (options.folder.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return absl::UnavailableError("cannot make a temporary folder");
    connection->temporary_folder_ = options.folder = pattern;
  }
  ASSIGN_OR_RETURN(options.data_dir, app::FindDataDir(Env::Process()));
  options.pseudonym_key_file = Env::Process().String("PLUMBLINE_PSEUDONYM_KEY_FILE", "");
  ASSIGN_OR_RETURN(connection->embedded_, standalone::Standalone::Start(options, SystemClock(), SystemIds()));
  connection->channel_ = connection->embedded_->gateway();
  return connection;
}

Connection::~Connection() {
  channel_.reset();
  embedded_.reset();
  if (!temporary_folder_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(temporary_folder_, ignored);
  }
}

}  // namespace plumbline::cli
