#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "gateway/service/convert.h"
#include "gateway/service/page_token.h"
#include "gateway/service/trial_service.h"

// Authorities, teams, participants and sessions: the part of TrialService that is the same for each of them is written
// once, as templates over what differs.
namespace plumbline::gateway {
namespace {

std::string Method(const char* method) { return absl::StrCat("plumbline.gateway.v1.TrialService/", method); }

// What differs between the four kinds of member.
struct AuthorityKind {
  using Item = Authority;
  static constexpr char kCollection[] = "authorities";
  static constexpr char kSingular[] = "authority";
  static absl::StatusOr<std::vector<Item>> Find(GatewayReader& r, const std::string& t,
                                                const std::set<std::string>& ids) {
    return r.FindAuthorities(t, ids);
  }
  static absl::StatusOr<std::vector<Item>> List(GatewayReader& r, const std::string& t, const std::string& a, int n) {
    return r.ListAuthorities(t, a, n);
  }
  static std::vector<Item>& In(Members& members) { return members.authorities; }
  static absl::Status Delete(GatewayWriter& w, const std::string& t, const std::string& id, const std::string&) {
    return w.DeleteAuthority(t, id);
  }
};

struct TeamKind {
  using Item = Team;
  static constexpr char kCollection[] = "teams";
  static constexpr char kSingular[] = "team";
  static absl::StatusOr<std::vector<Item>> Find(GatewayReader& r, const std::string& t,
                                                const std::set<std::string>& ids) {
    return r.FindTeams(t, ids);
  }
  static absl::StatusOr<std::vector<Item>> List(GatewayReader& r, const std::string& t, const std::string& a, int n) {
    return r.ListTeams(t, a, n);
  }
  static std::vector<Item>& In(Members& members) { return members.teams; }
  static absl::Status Delete(GatewayWriter& w, const std::string& t, const std::string& id, const std::string&) {
    return w.DeleteTeam(t, id);
  }
};

struct ParticipantKindOf {
  using Item = Participant;
  static constexpr char kCollection[] = "participants";
  static constexpr char kSingular[] = "participant";
  static absl::StatusOr<std::vector<Item>> Find(GatewayReader& r, const std::string& t,
                                                const std::set<std::string>& ids) {
    return r.FindParticipants(t, ids);
  }
  static absl::StatusOr<std::vector<Item>> List(GatewayReader& r, const std::string& t, const std::string& a, int n) {
    return r.ListParticipants(t, a, n);
  }
  static std::vector<Item>& In(Members& members) { return members.participants; }
  static absl::Status Delete(GatewayWriter& w, const std::string& t, const std::string& id, const std::string& etag) {
    return w.DeleteParticipant(t, id, etag).status();
  }
};

struct SessionKind {
  using Item = Session;
  static constexpr char kCollection[] = "sessions";
  static constexpr char kSingular[] = "session";
  static absl::StatusOr<std::vector<Item>> Find(GatewayReader& r, const std::string& t,
                                                const std::set<std::string>& ids) {
    return r.FindSessions(t, ids);
  }
  static absl::StatusOr<std::vector<Item>> List(GatewayReader& r, const std::string& t, const std::string& a, int n) {
    return r.ListSessions(t, a, n);
  }
  static std::vector<Item>& In(Members& members) { return members.sessions; }
  static absl::Status Delete(GatewayWriter& w, const std::string& t, const std::string& id, const std::string&) {
    return w.DeleteSession(t, id);
  }
};

// What every handler below needs of its service.
struct Parts {
  GatewayUnitOfWork& store;
  jobs::Submitter& submitter;
  IdGenerator& ids;
  const rpc::Call& call;
};

// Checks and stores `members`; the same for one and for many.
absl::Status AddMembers(GatewayWriter& writer, const std::string& trial_id, const Members& members, Placing placing) {
  ASSIGN_OR_RETURN(const Trial trial, writer.GetTrial(trial_id));
  ASSIGN_OR_RETURN(const KnownMembers known, writer.FindKnown(trial_id, IdsNamedBy(members)));
  RETURN_IF_ERROR(CheckMembers(trial, members, known, placing));
  return writer.InsertMembers(trial_id, members);
}

template <typename Kind, typename Request, typename Response, typename Member>
absl::Status CreateMember(const Parts& parts, const Request& request, Response& response, const std::string& id,
                          bool has_member, const absl::StatusOr<typename Kind::Item>& item,
                          Member* (Response::*mutable_member)()) {
  ASSIGN_OR_RETURN(const std::string trial, operations::ParseName(request.parent(), "trials", "parent"));
  Violations violations;
  if (!IsValidResourceId(id)) violations.Add(absl::StrCat(Kind::kSingular, "_id"), id, kResourceIdRule);
  if (!has_member) violations.AddMissing(Kind::kSingular);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(item.status());
  typename Kind::Item member = *item;
  member.id = id;
  member.etag = parts.ids.NewId();
  Members members;
  Kind::In(members).push_back(member);
  return operations::Write<GatewayReader, GatewayWriter, Response>(
      parts.store, parts.submitter, parts.call, request, response,
      [&](GatewayWriter& writer, Response& out, jobs::WriteResult& result) -> absl::Status {
        RETURN_IF_ERROR(AddMembers(writer, trial, members, Placing::kSingle));
        *(out.*mutable_member)() = ToProto(trial, member);
        result.audit.push_back(
            {absl::StrCat(Kind::kSingular, ".create"), MemberName(trial, Kind::kCollection, id), ""});
        return absl::OkStatus();
      });
}

template <typename Kind>
absl::StatusOr<typename Kind::Item> FindOne(GatewayReader& reader, const std::string& trial, const std::string& id) {
  ASSIGN_OR_RETURN(const std::vector<typename Kind::Item> found, Kind::Find(reader, trial, {id}));
  if (found.empty()) return NotFound(MemberName(trial, Kind::kCollection, id));
  return found.front();
}

template <typename Kind, typename Request, typename Response, typename Member>
absl::Status GetMember(const Parts& parts, const Request& request, Response& response,
                       Member* (Response::*mutable_member)()) {
  ASSIGN_OR_RETURN(const operations::ChildName name,
                   operations::ParseChildName(request.name(), "trials", Kind::kCollection, "name"));
  return parts.store.Read([&](GatewayReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const typename Kind::Item item, FindOne<Kind>(reader, name.parent, name.child));
    *(response.*mutable_member)() = ToProto(name.parent, item);
    return absl::OkStatus();
  });
}

template <typename Kind, typename Request, typename Response, typename Member>
absl::Status ListMembers(const Parts& parts, const Request& request, Response& response,
                         Member* (Response::*add_member)()) {
  ASSIGN_OR_RETURN(const std::string trial, operations::ParseName(request.parent(), "trials", "parent"));
  ASSIGN_OR_RETURN(const int size, operations::PageSize(request.page_size(), 100, 1'000));
  const std::string scope = absl::StrCat(TrialName(trial), "/", Kind::kCollection);
  ASSIGN_OR_RETURN(const std::string after, ReadPageToken(scope, request.page_token()));
  std::vector<typename Kind::Item> items;
  RETURN_IF_ERROR(parts.store.Read([&](GatewayReader& reader) -> absl::Status {
    RETURN_IF_ERROR(reader.GetTrial(trial).status());
    ASSIGN_OR_RETURN(items, Kind::List(reader, trial, after, size + 1));  // one more tells whether there is a next page
    return absl::OkStatus();
  }));
  if (items.size() > static_cast<size_t>(size)) {
    items.pop_back();
    response.set_next_page_token(MakePageToken(scope, items.back().id));
  }
  for (const auto& item : items) *(response.*add_member)() = ToProto(trial, item);
  return absl::OkStatus();
}

template <typename Kind, typename Request, typename Response>
absl::Status DeleteMember(const Parts& parts, const Request& request, Response& response) {
  ASSIGN_OR_RETURN(const operations::ChildName name,
                   operations::ParseChildName(request.name(), "trials", Kind::kCollection, "name"));
  const std::string new_etag = parts.ids.NewId();
  return operations::Write<GatewayReader, GatewayWriter, Response>(
      parts.store, parts.submitter, parts.call, request, response,
      [&](GatewayWriter& writer, Response&, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const typename Kind::Item item, FindOne<Kind>(writer, name.parent, name.child));
        if (!request.etag().empty() && request.etag() != item.etag) return StaleEtag(request.name());
        RETURN_IF_ERROR(Kind::Delete(writer, name.parent, name.child, new_etag));
        result.audit.push_back({absl::StrCat(Kind::kSingular, ".delete"), request.name(), ""});
        return absl::OkStatus();
      });
}

}  // namespace

grpc::ServerUnaryReactor* TrialService::BatchCreateMembers(grpc::CallbackServerContext* context,
                                                           const v1::BatchCreateMembersRequest* request,
                                                           v1::BatchCreateMembersResponse* response) {
  return handlers_.Unary(
      context, Method("BatchCreateMembers"), *request,
      [this, request, response](const rpc::Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string trial, operations::ParseName(request->parent(), "trials", "parent"));
        ASSIGN_OR_RETURN(Members members, FromProto(*request, trial));
        const std::string etag = ids_.NewId();
        for (Authority& member : members.authorities) member.etag = etag;
        for (Team& member : members.teams) member.etag = etag;
        for (Participant& member : members.participants) member.etag = etag;
        for (Session& member : members.sessions) member.etag = etag;
        return operations::Write<GatewayReader, GatewayWriter, v1::BatchCreateMembersResponse>(
            store_, submitter_, call, *request, *response,
            [&](GatewayWriter& writer, v1::BatchCreateMembersResponse& out, jobs::WriteResult& result) -> absl::Status {
              RETURN_IF_ERROR(AddMembers(writer, trial, members, Placing::kBatch));
              out.set_created_count(static_cast<int32_t>(members.size()));
              result.audit.push_back(
                  {"members.create", TrialName(trial),
                   absl::StrCat("authorities=", members.authorities.size(), " teams=", members.teams.size(),
                                " participants=", members.participants.size(), " sessions=", members.sessions.size())});
              return absl::OkStatus();
            });
      });
}

// The overrides of one kind. Sessions alone can fail to convert; the others are wrapped so that all look the same.
#define PLUMBLINE_MEMBER_METHODS(Name, Plural, Kind, field, field_id, mutable_field, add_plural, item)                \
  grpc::ServerUnaryReactor* TrialService::Create##Name(grpc::CallbackServerContext* context,                          \
                                                       const v1::Create##Name##Request* request,                      \
                                                       v1::Create##Name##Response* response) {                        \
    return handlers_.Unary(                                                                                           \
        context, Method("Create" #Name), *request, [this, request, response](const rpc::Call& call) {                 \
          return CreateMember<Kind>(Parts{store_, submitter_, ids_, call}, *request, *response, request->field_id(),  \
                                    request->has_##field(), item, &v1::Create##Name##Response::mutable_field);        \
        });                                                                                                           \
  }                                                                                                                   \
  grpc::ServerUnaryReactor* TrialService::Get##Name(grpc::CallbackServerContext* context,                             \
                                                    const v1::Get##Name##Request* request,                            \
                                                    v1::Get##Name##Response* response) {                              \
    return handlers_.Unary(context, Method("Get" #Name), *request, [this, request, response](const rpc::Call& call) { \
      return GetMember<Kind>(Parts{store_, submitter_, ids_, call}, *request, *response,                              \
                             &v1::Get##Name##Response::mutable_field);                                                \
    });                                                                                                               \
  }                                                                                                                   \
  grpc::ServerUnaryReactor* TrialService::List##Plural(grpc::CallbackServerContext* context,                          \
                                                       const v1::List##Plural##Request* request,                      \
                                                       v1::List##Plural##Response* response) {                        \
    return handlers_.Unary(context, Method("List" #Plural), *request,                                                 \
                           [this, request, response](const rpc::Call& call) {                                         \
                             return ListMembers<Kind>(Parts{store_, submitter_, ids_, call}, *request, *response,     \
                                                      &v1::List##Plural##Response::add_plural);                       \
                           });                                                                                        \
  }                                                                                                                   \
  grpc::ServerUnaryReactor* TrialService::Delete##Name(grpc::CallbackServerContext* context,                          \
                                                       const v1::Delete##Name##Request* request,                      \
                                                       v1::Delete##Name##Response* response) {                        \
    return handlers_.Unary(context, Method("Delete" #Name), *request,                                                 \
                           [this, request, response](const rpc::Call& call) {                                         \
                             return DeleteMember<Kind>(Parts{store_, submitter_, ids_, call}, *request, *response);   \
                           });                                                                                        \
  }

PLUMBLINE_MEMBER_METHODS(Authority, Authorities, AuthorityKind, authority, authority_id, mutable_authority,
                         add_authorities, absl::StatusOr<Authority>(FromProto(request->authority())))
PLUMBLINE_MEMBER_METHODS(Team, Teams, TeamKind, team, team_id, mutable_team, add_teams,
                         absl::StatusOr<Team>(FromProto(request->team())))
PLUMBLINE_MEMBER_METHODS(Participant, Participants, ParticipantKindOf, participant, participant_id, mutable_participant,
                         add_participants, absl::StatusOr<Participant>(FromProto(request->participant())))
PLUMBLINE_MEMBER_METHODS(Session, Sessions, SessionKind, session, session_id, mutable_session, add_sessions,
                         FromProto(request->session(), "session"))
#undef PLUMBLINE_MEMBER_METHODS

}  // namespace plumbline::gateway
