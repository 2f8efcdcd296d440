using System.Text.Json.Nodes;
using TrafficFlow.Core.Privacy;

namespace TrafficFlow.Node.Count.Film;

/// <summary>A film or picture that a count wrote, as summary.json tells of it.</summary>
/// <param name="File">Its name.</param>
public sealed record WrittenPictures(string File, CoarseningRecord Coarsened)
{
    internal JsonNode ToJson() => new JsonObject
    {
        ["file"] = File,
        ["coarsened"] = Coarsened.IsWhole ? "whole-picture" : "persons-and-near-vehicles",
        ["detector"] = Coarsened.Detector.Name,
        ["detector_version"] = Coarsened.Detector.Version,
        ["persons"] = Coarsened.IsWhole ? null : Coarsened.Persons,
        ["vehicles"] = Coarsened.IsWhole ? null : Coarsened.Vehicles,
        ["frames_coarsened"] = Coarsened.Frames,
        ["frames"] = Coarsened.OfFrames,
    };
}
