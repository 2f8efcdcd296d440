using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Web.Live;

/// <summary>What is still true of what cameras have told: who is silent is shown as that, whatever it said last. Pure.</summary>
public static class CameraAges
{
    /// <summary>A camera tells of itself each 5 seconds.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    /// <param name="known">As they told last.</param>
    /// <param name="heard">When, by this side's clock.</param>
    /// <param name="board">The health board's answer; null where it gave none.</param>
    /// <returns>Those of the site: as they told, or as the board has them, or silent.</returns>
    public static ImmutableDictionary<CameraId, CameraStatus> Of(
        Site site, ImmutableDictionary<CameraId, CameraStatus> known, IReadOnlyDictionary<CameraId, DateTimeOffset> heard, HealthOverview? board, DateTimeOffset now)
    {
        var cameras = known;
        foreach (var gone in known.Keys.Where(id => site.Feeders.All(f => f.Id != id))) cameras = cameras.Remove(gone);
        foreach (var camera in site.Feeders)
        {
            if (heard.TryGetValue(camera.Id, out var at) && now - at <= SilentAfter) continue;
            var report = board?.Nodes.Where(n => n.Report.Cameras.Any(c => c.Status.Camera == camera.Id && c.Status.Site == site.Id)).MaxBy(n => n.ReceivedAt);
            var last = report?.Report.Cameras.First(c => c.Status.Camera == camera.Id && c.Status.Site == site.Id).Status ?? known.GetValueOrDefault(camera.Id);
            if (last is null) continue;
            var isAlive = report is not null && !board!.IsSilent(report);
            cameras = cameras.SetItem(camera.Id, isAlive ? last : Silent(last, report?.ReceivedAt ?? (heard.TryGetValue(camera.Id, out var told) ? told : null)));
        }

        return cameras;
    }

    private static CameraStatus Silent(CameraStatus last, DateTimeOffset? since) => last with
    {
        State = CameraState.BackingOff,
        FramesPerSecond = 0,
        Reason = since is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"nothing heard since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: is its node up, and the link to it?")
            : "nothing heard of it: is its node up, and the link to it?",
    };
}
