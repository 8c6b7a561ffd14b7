// The image of a version graph: lanes on the left, names on the right, merges as arcs between them.

#include "cli/graph_drawing.hpp"
#include "cli/text.hpp"

#include <algorithm>

namespace verso::cli {

namespace {

// Units: pixels.
constexpr std::size_t row_height = 28;
constexpr std::size_t lane_width = 22;
constexpr std::size_t margin = 24;
constexpr std::size_t letter_width = 8;

// No variables, which few viewers but browsers know.
constexpr std::string_view style_and_arrow = R"(<style>
.ground { fill: #ffffff; }
text { font: 14px ui-monospace, monospace; fill: #1f2328; }
.state { fill: #656d76; }
path { fill: none; stroke: #4078c0; stroke-width: 2; }
.merge { stroke: #b35900; stroke-width: 1.5; stroke-dasharray: 4 3; marker-end: url(#arrow); }
.arrow { fill: #b35900; stroke: none; }
circle { fill: #ffffff; stroke: #4078c0; stroke-width: 2; }
.published { fill: #4078c0; }
.deleted { stroke: #656d76; stroke-dasharray: 2 2; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; }
text { fill: #e6edf3; }
.state { fill: #8d96a0; }
path { stroke: #6cb0ff; }
.merge { stroke: #f0a45d; }
.arrow { fill: #f0a45d; }
circle { fill: #0d1117; stroke: #6cb0ff; }
.published { fill: #6cb0ff; }
.deleted { stroke: #8d96a0; }
}
</style>
<marker id="arrow" viewBox="0 0 8 8" refX="13" refY="4" markerWidth="8" markerHeight="8"
 markerUnits="userSpaceOnUse" orient="auto"><path class="arrow" d="M 0 0 L 8 4 L 0 8 z"/></marker>
)";

std::string xml_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

struct Point {
    std::size_t x;
    std::size_t y;
};

std::string format(Point point) { return std::to_string(point.x) + ' ' + std::to_string(point.y); }

class Drawing {
public:
    explicit Drawing(const VersionGraph& graph) : graph_(graph), points_(graph.nodes.size()) {
        const std::vector<GraphRow> rows = lay_out(graph);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            widest_lane_ = std::max(widest_lane_, rows[row].lane);
            points_[rows[row].node] = point(rows[row].lane, row);
        }
        for (std::size_t row = 0; row < rows.size(); ++row) draw_origin(rows[row], row);
        for (const VersionGraph::Merge& each : graph.merges) draw_merge(each);
        for (const GraphRow& each : rows) draw_node(each.node);
    }

    [[nodiscard]] std::string text() const {
        const std::string width = std::to_string(right_ + margin);
        const std::string height =
            std::to_string(std::max<std::size_t>(graph_.nodes.size(), 1) * row_height + margin);
        return R"(<svg xmlns="http://www.w3.org/2000/svg" width=")" + width + R"(" height=")" +
               height + R"(" viewBox="0 0 )" + width + ' ' + height + "\">\n" +
               std::string(style_and_arrow) +
               R"(<rect class="ground" width="100%" height="100%"/>)" + '\n' + lines_ + nodes_ +
               "</svg>\n";
    }

private:
    /// The arcs of merges take the space of four lanes on the left.
    [[nodiscard]] Point point(std::size_t lane, std::size_t row) const {
        const std::size_t lanes = lane + (graph_.merges.empty() ? 0 : 4);
        return {margin + lanes * lane_width, margin + row * row_height};
    }

    void draw_origin(const GraphRow& row, std::size_t at) {
        const auto origin = graph_.nodes[row.node].origin;
        if (!origin) return;
        const Point from = points_[row.node];
        const Point to = row.ends_lane ? point(row.lane - 1, at + 1) : points_[*origin];
        lines_ += "<path d=\"M " + format(from);
        if (row.ends_lane) {
            const std::size_t middle = (from.y + to.y) / 2;
            lines_ += " C " + format({from.x, middle}) + ", " + format({to.x, middle}) + ',';
        } else {
            lines_ += " L";
        }
        lines_ += ' ' + format(to) + "\"/>\n";
    }

    void draw_merge(const VersionGraph::Merge& merge) {
        const Point from = points_[merge.from];
        const Point to = points_[merge.into];
        const std::size_t left = std::min(from.x, to.x);
        const std::size_t far = from.y > to.y ? from.y - to.y : to.y - from.y;
        const std::size_t bend = std::min(left - margin / 2, 2 * lane_width + far / 4);
        lines_ += "<path class=\"merge\" d=\"M " + format(from) + " C " +
                  format({left - bend, from.y}) + ", " + format({left - bend, to.y}) + ", " +
                  format(to) + "\"><title>" + xml_text(graph_.nodes[merge.from].name) +
                  " merged into " + xml_text(graph_.nodes[merge.into].name) + "</title></path>\n";
    }

    void draw_node(std::size_t at) {
        const VersionGraph::Node& node = graph_.nodes[at];
        const Point point = points_[at];
        const std::string_view kind = !node.version                  ? "deleted"
                                      : node.version->is_published() ? "published"
                                                                     : "draft";
        const std::size_t x = this->point(widest_lane_ + 1, 0).x;
        const std::string state = format_state(node);
        const std::string tspan =
            state.empty() ? "" : "<tspan class=\"state\" dx=\"12\">" + state + "</tspan>";
        nodes_ += "<circle class=\"" + std::string(kind) + "\" cx=\"" + std::to_string(point.x) +
                  "\" cy=\"" + std::to_string(point.y) + "\" r=\"6\"/>\n<text x=\"" +
                  std::to_string(x) + "\" y=\"" + std::to_string(point.y + 5) + "\">" +
                  xml_text(node.name) + tspan + "</text>\n";
        right_ = std::max(right_,
                          x + (width(node.name) + width(state) + 2) * letter_width + letter_width);
    }

    const VersionGraph& graph_;
    std::vector<Point> points_;
    std::size_t widest_lane_ = 0;
    std::size_t right_ = margin;
    std::string lines_;
    std::string nodes_;
};

}  // namespace

std::string draw_svg(const VersionGraph& graph) { return Drawing(graph).text(); }

}  // namespace verso::cli
