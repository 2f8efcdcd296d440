using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Topics;
using TrafficFlow.Web;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>What the sites of the matrix publish: an hour of minutes, the open one, vehicles as they leave, and how cameras are.</summary>
internal sealed class MatrixTopics : ITopicSource
{
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "abc");

    public async Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end)
    {
        await write(null);
        if (MatrixSites.All.FirstOrDefault(s => topics.Any(t => t.Topic == TopicNames.Flow(s.Id, s.Approaches[0].Id))) is not { } site) return false;
        var isCounted = site == MatrixSites.Heavy || site == MatrixSites.Blind;
        var minute = MinuteOf(DateTimeOffset.UtcNow);
        if (isCounted)
        {
            foreach (var approach in site.Approaches.Select(a => a.Id))
            {
                for (var i = 60; i > 0; i--) await SendAsync(TopicNames.Flow(site.Id, approach), new FlowBinClosed(Minute(site, approach, minute.AddMinutes(-i), TimeSpan.FromMinutes(1)), 61 - i));
            }
        }

        for (var tick = 0L; ; tick++)
        {
            if (tick % 5 == 0)
            {
                foreach (var status in Cameras(site)) await SendAsync(TopicNames.Health(site.Id, status.Camera), status);
            }

            if (isCounted)
            {
                var now = DateTimeOffset.UtcNow;
                if (MinuteOf(now) > minute)
                {
                    foreach (var approach in site.Approaches.Select(a => a.Id)) await SendAsync(TopicNames.Flow(site.Id, approach), new FlowBinClosed(Minute(site, approach, minute, TimeSpan.FromMinutes(1)), 61 + tick));
                    minute = MinuteOf(now);
                }

                foreach (var approach in site.Approaches.Select(a => a.Id))
                    await SendAsync(TopicNames.Live(site.Id, approach), new FlowBinsOpen(site.Id, approach, [Minute(site, approach, minute, now - minute) with { Revision = 0 }]));
                for (var i = 0; i < 2; i++) await SendAsync(TopicNames.Journeys(site.Id), new JourneyEnded(site.Id, Journey(site, (2 * tick) + i, now), Made));
            }
            else
            {
                await write(null);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), end);
        }

        Task SendAsync(string topic, Wire.Serialization.IWireMessage message) => write(new TopicMessage(topic, message, 0));
    }

    public Task<TopicStand?> StandAsync(string topic, TopicPlace place, CancellationToken end) => Task.FromResult<TopicStand?>(null);

    /// <summary>As the cameras of a site tell of themselves.</summary>
    public static IEnumerable<CameraStatus> Cameras(Site site)
    {
        for (var i = 0; i < site.Cameras.Count; i++)
        {
            var good = new CameraStatus(site.Id, site.Cameras[i].Id, CameraState.Streaming, "", 482_113 + (9_001 * i), 37 * i, 10.0 - (0.1 * i), i / 2, DateTimeOffset.UtcNow, 3, 0, "", SceneState.InPlace);
            if (site == MatrixSites.Empty)
            {
                yield return good with { State = CameraState.Connecting, Frames = 0, Dropped = 0, FramesPerSecond = 0, LastFrame = null, Scene = SceneState.Unknown };
            }
            else if (site == MatrixSites.Blind && i < 2)
            {
                yield return i == 0
                    ? good with { Scene = SceneState.Covered, SceneReason = new SceneVerdict(SceneState.Covered).Explain() }
                    : good with { State = CameraState.BackingOff, FramesPerSecond = 0, Dropped = 3_310, Reason = "rtsp://10.20.1.12/axis-media/media.amp does not answer: is the camera on, and the link to it up? It is opened again in 30 s", Scene = SceneState.Unknown };
            }
            else
            {
                yield return good;
            }
        }
    }

    private static FlowBin Minute(Site site, ApproachId approach, DateTimeOffset start, TimeSpan observed) =>
        Busy(site, start) is var busy && site == MatrixSites.Blind && approach == MatrixSites.Covered.Approach ? CountedDays.Minute(site, approach, busy, TimeSpan.Zero).At(start) : CountedDays.Minute(site, approach, busy, observed).At(start);

    /// <summary>The same minute of the evening's peak, whenever it is looked at.</summary>
    private static DateTimeOffset Busy(Site site, DateTimeOffset start)
    {
        var local = TimeZoneInfo.ConvertTime(start, site.TimeZone);
        return new DateTimeOffset(local.Date.AddHours(17).AddMinutes(local.Minute), local.Offset);
    }

    private static Journey Journey(Site site, long number, DateTimeOffset left)
    {
        var arms = site.Approaches.Select(a => a.Id).ToList();
        var entered = left.AddSeconds(-5 - (number % 7));
        return new Journey(number + 1, arms[(int)(number % 4)], arms[(int)((number + 1 + (number / 4 % 3)) % 4)], entered, left, number % 5 == 0 ? VehicleClass.Bus : VehicleClass.PassengerCar, 0.9)
        {
            FirstSeenAt = entered.AddSeconds(-2),
            LastSeenAt = left,
            DistanceMetres = 60,
            Cameras = 2,
        };
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}

internal static class MovedBins
{
    /// <summary>The same of another minute.</summary>
    public static FlowBin At(this FlowBin bin, DateTimeOffset start) => bin with { Key = bin.Key with { Start = start }, End = start + (bin.End - bin.Key.Start) };
}
