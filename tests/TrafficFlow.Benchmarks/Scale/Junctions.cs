using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>Many junctions from the synthetic one: each a site of its own, with four cameras whose names are unique among all.</summary>
internal static class Junctions
{
    /// <param name="source">Of a camera, by the number of its junction and the approach that it watches.</param>
    /// <param name="cameras">In all; the last junction may have fewer than four.</param>
    public static IReadOnlyList<Site> Make(string prefix, int cameras, Func<int, string, string> source, FrameFormat? frame = null)
    {
        var model = SyntheticJunction.Site;
        return
        [
            .. Enumerable.Range(0, (cameras + model.Cameras.Count - 1) / model.Cameras.Count).Select(number =>
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
                var own = model.Cameras.Take(cameras - (number * model.Cameras.Count));
                return model with
                {
                    Id = new SiteId(id),
                    Cameras = [.. own.Select((c, arm) => c with
                    {
                        Id = new CameraId($"{id}-{model.Approaches[arm].Id}"),
                        Source = source(number, model.Approaches[arm].Id.Value),
                        Frame = frame ?? c.Frame,
                        Detector = "motion",
                    })],
                };
            }),
        ];
    }
}
