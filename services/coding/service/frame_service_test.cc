#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_frames.h"
#include "coding/domain/test_violations.h"
#include "coding/service/convert.h"
#include "coding/service/test_fixture.h"

namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Frames = v1::FrameService::Stub;

class FrameServiceTest : public CodingServiceTest {
 protected:
  absl::Status Check(const std::string& json, v1::CheckFrameResponse* response = nullptr) {
    v1::CheckFrameResponse own;
    v1::CheckFrameRequest request;
    request.set_json(json);
    return Call(*frame_stub_, &Frames::CheckFrame, request, response == nullptr ? &own : response);
  }
  absl::Status Create(const std::string& id, const v1::Frame& frame, v1::CreateFrameResponse* response = nullptr) {
    v1::CreateFrameResponse own;
    v1::CreateFrameRequest request;
    request.set_frame_id(id);
    *request.mutable_frame() = frame;
    return Call(*frame_stub_, &Frames::CreateFrame, request, response == nullptr ? &own : response);
  }
};

// Frames of every kind go in and come back as they were.
TEST_F(FrameServiceTest, FramesOfEveryKindComeBackAsTheyWere) {
  int number = 0;
  for (const FrameKind kind : AllKinds()) {
    const v1::Frame frame = ToProto(TestFrame(kind));
    const std::string id = absl::StrCat("frame", ++number);
    v1::CreateFrameResponse created;
    const absl::Status status = Create(id, frame, &created);
    ASSERT_TRUE(status.ok()) << ToString(kind) << status;
    v1::GetFrameRequest get;
    get.set_name(absl::StrCat("frames/", id));
    v1::GetFrameResponse got;
    ASSERT_TRUE(Call(*frame_stub_, &Frames::GetFrame, get, &got).ok());
    EXPECT_EQ(got.frame().SerializeAsString(), created.frame().SerializeAsString());
    v1::Frame expected = frame;
    expected.set_name(absl::StrCat("frames/", id));
    EXPECT_EQ(got.frame().ShortDebugString(), expected.ShortDebugString());
  }
}

TEST_F(FrameServiceTest, AFrameWithoutAUnitHasThatOfItsKind) {
  for (const FrameKind kind : {FrameKind::kRatedSkills, FrameKind::kOrdinal}) {
    v1::Frame frame = ToProto(TestFrame(kind));
    const v1::FrameUnit unit = frame.unit();
    frame.clear_unit();
    v1::CreateFrameResponse created;
    ASSERT_TRUE(Create(absl::StrCat("f", static_cast<int>(kind)), frame, &created).ok());
    EXPECT_EQ(created.frame().unit(), unit);
  }
  v1::Frame frame = ToProto(TestFrame(FrameKind::kOrdinal));
  frame.set_unit(static_cast<v1::FrameUnit>(9));
  frame.set_context(static_cast<v1::FrameContext>(9));
  frame.set_kind(static_cast<v1::FrameKind>(99));
  EXPECT_EQ(ViolationsText(Create("f", frame)),
            "frame.kind: value \"99\": must be a kind of frame\nframe.unit: value \"9\": must be a unit of frames\n"
            "frame.context: value \"9\": must be a context of frames\n");
}

// A file as the data folder has it: read, checked, and added as it is.
TEST_F(FrameServiceTest, AFileIsCheckedAndCanBeAdded) {
  std::ifstream in(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/frames/scaling.json"));
  std::stringstream file;
  file << in.rdbuf();
  std::string text = file.str();
  ASSERT_FALSE(text.empty());
  v1::CheckFrameResponse checked;
  ASSERT_TRUE(Check(text, &checked).ok());
  EXPECT_EQ(checked.frame().name(), "frames/scaling");
  EXPECT_EQ(checked.frame().number_max(), 10);
  ASSERT_TRUE(Create("our-scaling", checked.frame()).ok());
  EXPECT_EQ(ViolationsText(
                Check(R"({"id": "x", "version": 1, "title": "T", "source": "S", "kind": "numeric", "number_min": "0",
                                    "entries": []})")),
            "json.number_min: value \"string\": must be a number\n");
  EXPECT_THAT(ViolationsText(Check("[")), HasSubstr("json.line 1: "));
  EXPECT_EQ(ViolationsText(Check("")), "json: is required\n");
  EXPECT_THAT(ViolationsText(Check(std::string(300'000, ' '))), HasSubstr("json: value \"300000 bytes\""));
}

// What a study means by its frame stays, whatever versions come later.
TEST_F(FrameServiceTest, AStudyKeepsTheVersionItWasMadeWith) {
  ImportTwo();
  v1::Frame frame = ToProto(TestFrame(FrameKind::kBinary));
  ASSERT_TRUE(Create("ours", frame).ok());
  v1::CreateStudyRequest create;
  create.set_study_id("pilot");
  create.set_title("Pilot");
  create.set_frame("frames/ours");
  create.add_sessions("a");
  for (const char* coder : {"c1", "c2"}) create.add_coders(coder);
  create.set_seed(5);
  v1::CreateStudyResponse study;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::CreateStudy, create, &study).ok());
  EXPECT_EQ(Create("ours", frame).code(), absl::StatusCode::kAlreadyExists);  // the version is there and stays
  frame = ToProto(TestFrame(FrameKind::kNominatedList));
  frame.set_version(2);
  ASSERT_TRUE(Create("ours", frame).ok());
  v1::GetFrameRequest get;
  get.set_name("frames/ours");
  v1::GetFrameResponse newest;
  ASSERT_TRUE(Call(*frame_stub_, &Frames::GetFrame, get, &newest).ok());
  EXPECT_EQ(newest.frame().version(), 2);
  const std::string item = Items("c1")[0].id();
  EXPECT_EQ(ViolationsText(Submit(CodeRequest("c1", item, true, "1"))),
            "code.nomination: value \"1\": must not be set: a frame of kind binary has no such part\n");
  EXPECT_TRUE(Submit(CodeRequest("c1", item, true, "")).ok());
  v1::GetStudyRequest ask;
  ask.set_name("studies/pilot");
  v1::GetStudyResponse got;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::GetStudy, ask, &got).ok());
  EXPECT_EQ(got.study().frame_version(), 1);
}

// A later release ships a frame under an id that a trial has used before: its studies mean the trial's.
TEST_F(FrameServiceTest, AFrameOfTheTrialStaysWhenALaterReleaseShipsItsId) {
  Frame ours = TestFrame(FrameKind::kBinary);
  ours.id = "scaling";
  ASSERT_TRUE(store_
                  ->Write({"tester", "Plant", "", "", clock_.Now()},
                          [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                            RETURN_IF_ERROR(writer.InsertFrame(ours));
                            return jobs::WriteResult{};
                          })
                  .ok());
  for (const int version : {0, 1}) {
    v1::GetFrameRequest get;
    get.set_name("frames/scaling");
    get.set_version(version);
    v1::GetFrameResponse got;
    ASSERT_TRUE(Call(*frame_stub_, &Frames::GetFrame, get, &got).ok());
    EXPECT_EQ(got.frame().kind(), v1::FRAME_KIND_BINARY);
  }
}

}  // namespace
}  // namespace plumbline::coding
