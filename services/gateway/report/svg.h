#ifndef PLUMBLINE_GATEWAY_REPORT_SVG_H_
#define PLUMBLINE_GATEWAY_REPORT_SVG_H_

#include <string>
#include <vector>

// Drawing for the report: an SVG inside the page, with scales and axes. Texts are escaped here. Not thread-safe.
namespace plumbline::gateway::report {

// From data to pixels, linear; `low` < `high`.
class Scale {
 public:
  Scale(double low, double high, double from, double to) : low_(low), high_(high), from_(from), to_(to) {}
  double operator()(double value) const { return from_ + (value - low_) / (high_ - low_) * (to_ - from_); }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  double low_, high_, from_, to_;
};

// Round values that cover [low, high] in about `count` steps of 1, 2 or 5 times a power of ten.
struct Ticks {
  std::vector<double> values;
  int decimals = 0;  // to print them with
};
Ticks RoundTicks(double low, double high, int count);

// Colours of Okabe and Ito (2008), told apart by colour-blind readers, darkened where needed to stand out on white; the
// marker differs too, so that colour is never the only sign. Repeats after the last.
const char* SeriesColour(int index);

class Svg {
 public:
  // `id` is unique in the page; `title` and `description` are read out in place of the picture.
  Svg(const std::string& id, double width, double height, const std::string& title, const std::string& description);

  void Line(double x1, double y1, double x2, double y2, const std::string& css_class);
  void ColouredLine(double x1, double y1, double x2, double y2, const std::string& colour, double width, bool dashed);
  void Rect(double x, double y, double width, double height, const std::string& fill, const std::string& stroke);
  void Dot(double x, double y, double radius, const std::string& fill, double opacity);
  // Shape by `index`: circle, square, triangle, diamond and so on.
  void Marker(int index, double x, double y, double size);
  enum class Anchor { kStart, kMiddle, kEnd };
  void Text(double x, double y, Anchor anchor, const std::string& css_class, const std::string& text);

  // A horizontal axis at `y` with ticks up to `top` as faint lines, and a label under it.
  void XAxis(const Scale& scale, const Ticks& ticks, double y, double top, const std::string& label);
  // A vertical axis at `x` with ticks up to `right` as faint lines.
  void YAxis(const Scale& scale, const Ticks& ticks, double x, double right);

  std::string Finish();

 private:
  std::string out_;
};

// The marker alone, for a legend.
std::string LegendMarker(int index);

// `text` cut to about `max_characters` with an ellipsis; whole UTF-8 characters only.
std::string Shorten(const std::string& text, size_t max_characters);

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_SVG_H_
