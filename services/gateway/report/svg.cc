#include "gateway/report/svg.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

constexpr const char* kColours[] = {"#0063a3", "#c24700", "#00795a", "#9c3f7c", "#8a6100", "#3a3a3a"};
constexpr int kColourCount = 6;

// Coordinates to a tenth of a pixel: enough to draw by, and the same text everywhere.
std::string C(double coordinate) {
  std::string text = absl::StrFormat("%.1f", coordinate);
  if (text == "-0.0") text = "0.0";
  return text;
}

std::string MarkerShape(int index, double x, double y, double size) {
  const double r = size / 2;
  const std::string fill = absl::StrCat(" fill=\"", SeriesColour(index), "\" stroke=\"#fff\" stroke-width=\"1\"/>");
  switch (index % 4) {
    case 0:
      return absl::StrCat("<circle cx=\"", C(x), "\" cy=\"", C(y), "\" r=\"", C(r), "\"", fill);
    case 1:
      return absl::StrCat("<rect x=\"", C(x - r * 0.9), "\" y=\"", C(y - r * 0.9), "\" width=\"", C(r * 1.8),
                          "\" height=\"", C(r * 1.8), "\"", fill);
    case 2:
      return absl::StrCat("<path d=\"M", C(x), " ", C(y - r * 1.15), "L", C(x + r * 1.1), " ", C(y + r * 0.85), "L",
                          C(x - r * 1.1), " ", C(y + r * 0.85), "Z\"", fill);
    default:
      return absl::StrCat("<path d=\"M", C(x), " ", C(y - r * 1.2), "L", C(x + r * 1.2), " ", C(y), "L", C(x), " ",
                          C(y + r * 1.2), "L", C(x - r * 1.2), " ", C(y), "Z\"", fill);
  }
}

}  // namespace

const char* SeriesColour(int index) { return kColours[index % kColourCount]; }

Ticks RoundTicks(double low, double high, int count) {
  if (!(high > low)) {
    const double pad = low == 0 ? 1 : std::fabs(low) * 0.1;
    low -= pad;
    high += pad;
  }
  const double rough = (high - low) / std::max(count, 1);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * power;
    if (step >= rough * 0.999) break;
  }
  Ticks ticks;
  ticks.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  for (double k = first; k <= last; ++k) ticks.values.push_back(k * step);
  return ticks;
}

Svg::Svg(const std::string& id, double width, double height, const std::string& title, const std::string& description) {
  const std::string safe = Escape(id);
  out_ = absl::StrCat("<svg class=\"picture\" viewBox=\"0 0 ", C(width), " ", C(height), "\" role=\"img\" ",
                      "aria-labelledby=\"", safe, "-t ", safe, "-d\"><title id=\"", safe, "-t\">", Escape(title),
                      "</title><desc id=\"", safe, "-d\">", Escape(description), "</desc>\n");
}

void Svg::Line(double x1, double y1, double x2, double y2, const std::string& css_class) {
  absl::StrAppend(&out_, "<line x1=\"", C(x1), "\" y1=\"", C(y1), "\" x2=\"", C(x2), "\" y2=\"", C(y2), "\" class=\"",
                  css_class, "\"/>\n");
}

void Svg::ColouredLine(double x1, double y1, double x2, double y2, const std::string& colour, double width,
                       bool dashed) {
  absl::StrAppend(&out_, "<line x1=\"", C(x1), "\" y1=\"", C(y1), "\" x2=\"", C(x2), "\" y2=\"", C(y2), "\" stroke=\"",
                  colour, "\" stroke-width=\"", C(width), "\"", dashed ? " stroke-dasharray=\"5 4\"" : "", "/>\n");
}

void Svg::Rect(double x, double y, double width, double height, const std::string& fill, const std::string& stroke) {
  absl::StrAppend(&out_, "<rect x=\"", C(x), "\" y=\"", C(y), "\" width=\"", C(std::max(width, 0.0)), "\" height=\"",
                  C(height), "\" fill=\"", fill, "\" stroke=\"", stroke, "\"/>\n");
}

void Svg::Dot(double x, double y, double radius, const std::string& fill, double opacity) {
  absl::StrAppend(&out_, "<circle cx=\"", C(x), "\" cy=\"", C(y), "\" r=\"", C(radius), "\" fill=\"", fill,
                  "\" fill-opacity=\"", absl::StrFormat("%.2f", opacity), "\"/>\n");
}

void Svg::Marker(int index, double x, double y, double size) {
  absl::StrAppend(&out_, MarkerShape(index, x, y, size), "\n");
}

void Svg::Text(double x, double y, Anchor anchor, const std::string& css_class, const std::string& text) {
  const char* where = anchor == Anchor::kStart ? "start" : anchor == Anchor::kMiddle ? "middle" : "end";
  absl::StrAppend(&out_, "<text x=\"", C(x), "\" y=\"", C(y), "\" text-anchor=\"", where, "\" class=\"", css_class,
                  "\">", Escape(text), "</text>\n");
}

void Svg::XAxis(const Scale& scale, const Ticks& ticks, double y, double top, const std::string& label) {
  for (const double value : ticks.values) {
    if (value < scale.low() - 1e-9 || value > scale.high() + 1e-9) continue;
    Line(scale(value), top, scale(value), y, "grid");
    Text(scale(value), y + 16, Anchor::kMiddle, "tick", Number(value, ticks.decimals));
  }
  Line(scale(scale.low()), y, scale(scale.high()), y, "axis");
  if (!label.empty()) Text((scale(scale.low()) + scale(scale.high())) / 2, y + 34, Anchor::kMiddle, "label", label);
}

void Svg::YAxis(const Scale& scale, const Ticks& ticks, double x, double right) {
  for (const double value : ticks.values) {
    if (value < scale.low() - 1e-9 || value > scale.high() + 1e-9) continue;
    Line(x, scale(value), right, scale(value), "grid");
    Text(x - 7, scale(value) + 4, Anchor::kEnd, "tick", Number(value, ticks.decimals));
  }
}

std::string Svg::Finish() { return out_ + "</svg>\n"; }

std::string LegendMarker(int index) {
  return absl::StrCat("<svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">", MarkerShape(index, 7, 7, 11),
                      "</svg>");
}

std::string Shorten(const std::string& text, size_t max_characters) {
  size_t characters = 0;
  size_t end_of_kept = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;  // inside a character
    ++characters;
    if (characters == max_characters) end_of_kept = i;
    if (characters > max_characters) return text.substr(0, end_of_kept) + "\xe2\x80\xa6";
  }
  return text;
}

}  // namespace plumbline::gateway::report
