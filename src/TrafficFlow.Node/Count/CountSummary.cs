using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Count;

/// <summary>summary.json of a count (design.md section 9). Holds nothing that changes from run to run.</summary>
/// <param name="Failure">Why the file could not be read to its end; null when it was.</param>
public sealed record CountSummary(
    string Video, Site Site, CameraSetup Camera, DetectorIdentity Detector, double FramesPerSecond, CountTally Tally, string? Failure)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public double Seconds => FramesPerSecond > 0 ? Tally.Frames / FramesPerSecond : 0;

    public int Count(GateId gate, CrossingDirection direction) => Tally.Crossings.Count(c => c.Gate == gate && c.Direction == direction);

    public string ToJson()
    {
        var gates = new JsonObject();
        foreach (var gate in Camera.Gates)
        {
            gates[gate.Id.Value] = new JsonObject
            {
                ["forward"] = Classes(gate.Id, CrossingDirection.Forward),
                ["backward"] = Classes(gate.Id, CrossingDirection.Backward),
            };
        }

        var summary = new JsonObject
        {
            ["video"] = Video,
            ["frames"] = Tally.Frames,
            ["seconds"] = Math.Round(Seconds, 3),
            ["fps"] = Math.Round(FramesPerSecond, 3),
            ["detector"] = Detector.Name,
            ["detector_version"] = Detector.Version,
            ["camera"] = Camera.Id.Value,
            ["site"] = Site.Id.Value,
            ["site_hash"] = Site.Hash,
            ["complete"] = Failure is null,
            ["gates"] = gates,
            ["scene"] = Tally.Scene.ToJson(),
        };
        if (Failure is not null) summary["failure"] = Failure;
        return summary.ToJsonString(Layout);
    }

    private JsonObject Classes(GateId gate, CrossingDirection direction)
    {
        var classes = new JsonObject();
        foreach (var group in Tally.Crossings.Where(c => c.Gate == gate && c.Direction == direction).GroupBy(c => c.Class).OrderBy(g => g.Key))
            classes[group.Key.Name()] = group.Count();
        return classes;
    }
}
