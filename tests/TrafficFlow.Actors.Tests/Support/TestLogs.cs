using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>A log of four cars and a coverage in each five seconds of event time.</summary>
internal sealed class TestLog(CameraId camera, long length, double speed) : IReplayScript
{
    public string Name => $"test-{camera}-{length}";
    public Provenance Provenance => TestSites.Motion;
    public IReadOnlyList<ApproachId> Feeds => [TestSites.North];
    public DateTimeOffset Start => TestSites.Morning;
    public double Speed => speed;

    public IEnumerable<ReplayScriptEntry> From(long sequence)
    {
        for (; sequence <= length; sequence++)
        {
            var time = Start.AddSeconds(sequence);
            yield return sequence % 5 > 0
                ? new ReplayScriptEntry(sequence, time, new CountedVehicle(
                    camera, TestSites.North, Movement.Entering, time, VehicleClass.PassengerCar, VehicleSize.Small, 50), null)
                : new ReplayScriptEntry(sequence, time, null, new Coverage(camera, time.AddSeconds(-5), time, 50, 0, WatchState.Watching));
        }
    }
}

/// <summary>Gives each camera a log of its own, or refuses with a reason.</summary>
internal sealed class TestLogs(long length, double speed) : IReplayScriptFactory
{
    public string? Refusal { get; init; }

    public ValueTask<IReplayScript> OpenAsync(Site site, CameraSetup camera, CancellationToken cancellation) =>
        Refusal is null ? ValueTask.FromResult<IReplayScript>(new TestLog(camera.Id, length, speed)) : throw new ReplayScriptException(Refusal);
}
