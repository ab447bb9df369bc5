#include "common/redis/client.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {
namespace {

struct ReplyDeleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RawReply = std::unique_ptr<redisReply, ReplyDeleter>;

// hiredis 0.14 writes without MSG_NOSIGNAL, so a server that went away would end this process. Holds SIGPIPE back in
// this thread only and takes away the one that our write caused; the disposition of the process stays untouched.
class HoldSigpipe {
 public:
  HoldSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    if (!was_pending_) pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~HoldSigpipe() {
    if (was_pending_) return;
    const timespec now = {0, 0};
    while (sigtimedwait(&pipe_, nullptr, &now) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  HoldSigpipe(const HoldSigpipe&) = delete;
  HoldSigpipe& operator=(const HoldSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

std::string Text(const redisReply& raw) {
  return raw.str == nullptr ? std::string() : std::string(raw.str, static_cast<size_t>(raw.len));
}

Reply Convert(const redisReply* raw) {
  if (raw == nullptr) return Reply();  // hiredis leaves an element null when it ran out of memory
  switch (raw->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return Reply::String(Text(*raw));
    case REDIS_REPLY_INTEGER:
      return Reply::Integer(raw->integer);
    case REDIS_REPLY_ERROR:
      return Reply::Error(Text(*raw));
    case REDIS_REPLY_ARRAY: {
      std::vector<Reply> elements;
      elements.reserve(raw->elements);
      for (size_t i = 0; i < raw->elements; ++i) {
        elements.push_back(raw->element == nullptr ? Reply() : Convert(raw->element[i]));
      }
      return Reply::Array(std::move(elements));
    }
    default:
      return Reply();
  }
}

// The first word of a Redis error names its kind: "WRONGTYPE Operation against ...".
std::string ErrorCode(const std::string& text) {
  const std::string code = text.substr(0, text.find(' '));
  const bool is_code = !code.empty() && std::all_of(code.begin(), code.end(), [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c));
  });
  return is_code ? code : "ERR";
}

// A slot that is being moved is there again in moments; with nothing said, callers would take their long pause.
constexpr absl::Duration kSlotMoves = absl::Milliseconds(200);

// `command` is the first argument only: arguments may hold a password or an operation's payload.
absl::Status ErrorReplyStatus(const std::string& text, const std::string& command) {
  const std::string code = ErrorCode(text);
  const std::string upper = absl::AsciiStrToUpper(command);
  const bool secret = upper == "AUTH" || upper == "HELLO" || upper == "CONFIG" || upper == "ACL";
  static constexpr std::string_view kPassing[] = {"LOADING", "MASTERDOWN", "READONLY",   "CLUSTERDOWN", "TRYAGAIN",
                                                  "MISCONF", "BUSY",       "NOREPLICAS", "UNREACHABLE", "MOVED",
                                                  "ASK",     "UNKILLABLE", "UNBLOCKED"};
  absl::StatusCode status = absl::StatusCode::kInternal;
  if (code == "OOM") status = absl::StatusCode::kResourceExhausted;
  if (std::find(std::begin(kPassing), std::end(kPassing), code) != std::end(kPassing)) {
    status = absl::StatusCode::kUnavailable;
  }
  const std::optional<absl::Duration> retry_after =
      code == "TRYAGAIN" ? std::optional<absl::Duration>(kSlotMoves) : std::nullopt;
  return MakeError(status, absl::StrCat("redis: ", upper, ": ", secret ? code : text),
                   {.reason = "REDIS_" + code, .metadata = {}, .violations = {}, .retry_after = retry_after});
}

absl::Status Unreachable(const std::string& where, std::string_view what, std::optional<absl::Duration> retry_after) {
  return MakeError(absl::StatusCode::kUnavailable, absl::StrCat("redis at ", where, ": ", std::string(what)),
                   {.reason = "REDIS_UNREACHABLE", .metadata = {}, .violations = {}, .retry_after = retry_after});
}

// Whether a script: see the comment on Client.
bool IsScript(std::string_view command) {
  const std::string upper = absl::AsciiStrToUpper(absl::string_view(command.data(), command.size()));
  return upper.rfind("EVAL", 0) == 0 || upper.rfind("FCALL", 0) == 0;
}

absl::Status ScriptMustWait(const Redirect& redirect) {
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("redis: slot ", redirect.slot, " is being moved to ", Address(redirect.to),
                                ": scripts wait until that is over"),
                   {.reason = "REDIS_ASK", .metadata = {}, .violations = {}, .retry_after = kSlotMoves});
}

timeval Limit(absl::Duration duration) { return absl::ToTimeval(std::max(duration, absl::Milliseconds(1))); }

}  // namespace

ConnectGate::ConnectGate(absl::Duration base, absl::Duration cap, Clock& clock)
    : base_(base), cap_(cap), clock_(clock), random_(std::random_device{}()) {}

absl::Duration ConnectGate::Wait() const {
  absl::MutexLock lock(&mutex_);
  return std::max(absl::ZeroDuration(), next_ - clock_.Now());
}

void ConnectGate::Succeeded() {
  absl::MutexLock lock(&mutex_);
  failures_ = 0;
  next_ = absl::InfinitePast();
}

void ConnectGate::Failed() {
  absl::MutexLock lock(&mutex_);
  failures_ = std::min(failures_ + 1, 30);
  const absl::Duration full = std::min(cap_, base_ * (int64_t{1} << (failures_ - 1)));
  next_ = clock_.Now() + full * std::uniform_real_distribution<double>(0.5, 1.0)(random_);
}

// A hiredis context and what it takes to use it safely.
class Client::Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Endpoint& endpoint, absl::Duration connect_timeout) {
    const timeval timeout = Limit(connect_timeout);
    redisContext* raw = endpoint.unix_socket.empty()
                            ? redisConnectWithTimeout(endpoint.host.c_str(), endpoint.port, timeout)
                            : redisConnectUnixWithTimeout(endpoint.unix_socket.c_str(), timeout);
    if (raw == nullptr) return absl::ResourceExhaustedError("redis: out of memory");
    auto connection = std::unique_ptr<Connection>(new Connection(raw, Address(endpoint)));
    if (raw->err != 0) return connection->Broken("cannot connect");
    // Child processes (a local redis-server) must not hold the connection open.
    fcntl(raw->fd, F_SETFD, FD_CLOEXEC);
    if (endpoint.unix_socket.empty()) redisEnableKeepAlive(raw);
    return connection;
  }
  ~Connection() { redisFree(context_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Between commands nothing may arrive: whatever can be read then is the end of the stream.
  bool IsStale() const {
    char byte = 0;
    const ssize_t got = recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return !(got == -1 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
  }

  absl::Status SetTimeout(absl::Duration timeout) {
    if (timeout == timeout_) return absl::OkStatus();
    if (redisSetTimeout(context_, Limit(timeout)) != REDIS_OK) return Broken("cannot set the timeout");
    timeout_ = timeout;
    return absl::OkStatus();
  }

  absl::Status Append(const Args& args) {
    std::vector<const char*> data;
    std::vector<size_t> sizes;
    data.reserve(args.size());
    sizes.reserve(args.size());
    for (const std::string& arg : args) {
      data.push_back(arg.data());
      sizes.push_back(arg.size());
    }
    if (redisAppendCommandArgv(context_, static_cast<int>(args.size()), data.data(), sizes.data()) != REDIS_OK) {
      return Broken("cannot send");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<RawReply> Receive() {
    const HoldSigpipe hold;
    void* reply = nullptr;
    errno = 0;
    if (redisGetReply(context_, &reply) != REDIS_OK || reply == nullptr) return Broken("connection lost");
    return RawReply(static_cast<redisReply*>(reply));
  }

  absl::StatusOr<RawReply> Exchange(const Args& args, absl::Duration timeout) {
    RETURN_IF_ERROR(SetTimeout(timeout));
    RETURN_IF_ERROR(Append(args));
    return Receive();
  }

  const std::string& where() const { return where_; }

 private:
  Connection(redisContext* context, std::string where) : context_(context), where_(std::move(where)) {}

  absl::Status Broken(std::string_view what) const {
    const bool timed_out = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == ETIMEDOUT);
    return Unreachable(
        where_,
        absl::StrCat(std::string(what), ": ", timed_out ? "timed out" : static_cast<const char*>(context_->errstr)),
        std::nullopt);
  }

  redisContext* const context_;
  const std::string where_;
  absl::Duration timeout_ = absl::InfiniteDuration();
};

Client::Client(Options options, Clock& clock, std::shared_ptr<ConnectGate> gate, std::shared_ptr<Locator> locator)
    : options_(std::move(options)), gate_(std::move(gate)), locator_(std::move(locator)) {
  if (gate_ == nullptr) {
    gate_ = std::make_shared<ConnectGate>(options_.backoff_base, options_.backoff_cap, clock);
  }
  if (locator_ == nullptr) locator_ = std::make_shared<Locator>(options_, clock);
}

Client::~Client() = default;

bool Client::connected() const { return connection_ != nullptr; }
void Client::Disconnect() { connection_.reset(); }

void Client::LoseServer() {
  Disconnect();
  locator_->Forget(generation_);
}

// A server that turned into a replica, lost its primary or its cluster: look it up again.
void Client::LoseServerAfter(const absl::Status& error) {
  for (const char* code : {"READONLY", "MASTERDOWN", "CLUSTERDOWN", "UNBLOCKED"}) {
    if (IsRedisError(error, code)) LoseServer();
  }
}

absl::Status Client::EnsureConnected() {
  // Once the server was forgotten no connection to it is used before the new one is known: it may be the same.
  const bool current = locator_->IsCurrent(generation_);
  if (connection_ != nullptr && connection_->IsStale()) Disconnect();
  if (connection_ != nullptr && current) return absl::OkStatus();
  if (const absl::Duration wait = gate_->Wait(); wait > absl::ZeroDuration()) {
    return Unreachable(Address(options_), "not connected; the next attempt is held back", wait);
  }
  absl::StatusOr<Locator::Found> found = locator_->Find();
  if (!found.ok()) {
    Disconnect();
    gate_->Failed();
    return found.status();
  }
  if (connection_ != nullptr && found->generation == generation_) return absl::OkStatus();
  Disconnect();
  generation_ = found->generation;
  endpoint_ = found->endpoint;
  absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::Open(endpoint_, options_.connect_timeout);
  absl::Status status = opened.ok() ? Handshake(**opened) : opened.status();
  if (status.ok() && options_.topology == Topology::kSentinel) status = CheckIsPrimary(**opened);
  if (!status.ok()) {
    LoseServer();
    gate_->Failed();
    return status;
  }
  connection_ = *std::move(opened);
  gate_->Succeeded();
  return absl::OkStatus();
}

absl::Status Client::Handshake(Connection& connection) const {
  std::vector<Args> commands;
  if (!options_.password.empty()) {
    commands.push_back(options_.username.empty() ? Args{"AUTH", options_.password}
                                                 : Args{"AUTH", options_.username, options_.password});
  }
  if (options_.db != 0) commands.push_back({"SELECT", absl::StrCat(options_.db)});
  if (!options_.name.empty()) commands.push_back({"CLIENT", "SETNAME", options_.name});
  for (const Args& command : commands) {
    ASSIGN_OR_RETURN(const RawReply reply, connection.Exchange(command, options_.command_timeout));
    if (reply->type == REDIS_REPLY_ERROR) return ErrorReplyStatus(Text(*reply), command[0]);
  }
  return absl::OkStatus();
}

// Sentinels that come back tell of the past, and so does the address that is tried when no sentinel answers.
absl::Status Client::CheckIsPrimary(Connection& connection) const {
  ASSIGN_OR_RETURN(const RawReply raw, connection.Exchange({"ROLE"}, options_.command_timeout));
  if (raw->type == REDIS_REPLY_ERROR) return ErrorReplyStatus(Text(*raw), "ROLE");
  const Reply reply = Convert(raw.get());
  RETURN_IF_ERROR(reply.ExpectArray(1));
  ASSIGN_OR_RETURN(const std::string role, reply.elements()[0].AsString());
  if (role == "master") return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kUnavailable,
      absl::StrCat("redis at ", connection.where(), ": role \"", role, "\": must be master (", Address(options_), ")"),
      {.reason = "REDIS_NOT_PRIMARY", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
}

absl::StatusOr<Reply> Client::Command(const Args& args, absl::Duration blocking_for) {
  constexpr int kMaxRedirects = 5;  // nodes that disagree must not send us round for ever
  if (args.empty()) return absl::InternalError("redis: empty command");
  for (int redirects = 0;; ++redirects) {
    redirect_.reset();
    RETURN_IF_ERROR(EnsureConnected());
    absl::StatusOr<RawReply> reply = connection_->Exchange(args, options_.command_timeout + blocking_for);
    if (!reply.ok()) {
      LoseServer();  // the answer may still come: this connection must not be read by the next command
      return reply.status();
    }
    if ((*reply)->type != REDIS_REPLY_ERROR) return Convert(reply->get());
    const std::string text = Text(**reply);
    absl::Status error = ErrorReplyStatus(text, args[0]);
    LoseServerAfter(error);
    redirect_ = ParseRedirect(text);
    if (!redirect_.has_value()) return error;
    if (redirect_->to.host.empty()) redirect_->to.host = endpoint_.host;
    if (options_.topology != Topology::kCluster || redirects == kMaxRedirects) return error;
    if (redirect_->asking && IsScript(args[0])) return ScriptMustWait(*redirect_);
    const bool home = options_.cluster_key.empty() || KeySlot(options_.cluster_key) == redirect_->slot;
    if (redirect_->asking || !home) return CommandAt(*redirect_, args, blocking_for);
    locator_->Moved(generation_, redirect_->to);
  }
}

absl::StatusOr<Reply> Client::CommandAt(const Redirect& redirect, const Args& args, absl::Duration blocking_for) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> node, Connection::Open(redirect.to, options_.connect_timeout));
  RETURN_IF_ERROR(Handshake(*node));
  if (redirect.asking) {
    ASSIGN_OR_RETURN(const RawReply asked, node->Exchange({"ASKING"}, options_.command_timeout));
    if (asked->type == REDIS_REPLY_ERROR) return ErrorReplyStatus(Text(*asked), "ASKING");
  }
  ASSIGN_OR_RETURN(const RawReply reply, node->Exchange(args, options_.command_timeout + blocking_for));
  if (reply->type == REDIS_REPLY_ERROR) return ErrorReplyStatus(Text(*reply), args[0]);
  return Convert(reply.get());
}

absl::StatusOr<std::vector<absl::StatusOr<Reply>>> Client::Pipeline(const std::vector<Args>& commands) {
  for (const Args& args : commands) {
    if (args.empty()) return absl::InternalError("redis: empty command");
  }
  RETURN_IF_ERROR(EnsureConnected());
  absl::Status status = connection_->SetTimeout(options_.command_timeout);
  for (size_t i = 0; status.ok() && i < commands.size(); ++i) status = connection_->Append(commands[i]);
  std::vector<absl::StatusOr<Reply>> results;
  results.reserve(commands.size());
  for (size_t i = 0; status.ok() && i < commands.size(); ++i) {
    absl::StatusOr<RawReply> reply = connection_->Receive();
    if (!reply.ok()) {
      status = reply.status();
    } else if ((*reply)->type == REDIS_REPLY_ERROR) {
      results.push_back(ErrorReplyStatus(Text(**reply), commands[i][0]));
    } else {
      results.push_back(Convert(reply->get()));
    }
  }
  if (!status.ok()) {
    LoseServer();
    return status;
  }
  for (const absl::StatusOr<Reply>& result : results) {
    if (!result.ok()) LoseServerAfter(result.status());
  }
  return results;
}

bool IsRedisError(const absl::Status& status, std::string_view code) {
  if (status.ok()) return false;
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  return detail.has_value() && detail->reason == absl::StrCat("REDIS_", std::string(code));
}

}  // namespace plumbline::redis
