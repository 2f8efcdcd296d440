using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>
/// Classes and colours that the product gives to the vehicles of the synthetic junction, against the simulation's own. A track is the
/// vehicle whose true box it covered most often.
/// </summary>
internal sealed class SyntheticLooks
{
    /// <summary>A smaller vehicle is too far away to be judged, and nobody counts there.</summary>
    private const float LeastWidth = 26;

    public ConfusionTable Colours { get; } = new();

    public ConfusionTable Classes { get; } = new();

    public ConfusionTable Sizes { get; } = new();

    public static async Task<SyntheticLooks> MeasureAsync(
        string approach, string light, double seconds, double framesPerSecond, int seed, CountingSetting setting, CancellationToken cancellation)
    {
        var camera = SyntheticJunction.Site.Cameras.First(c => c.Source == SyntheticSource.Scheme + approach);
        camera = camera with
        {
            Source = FormattableString.Invariant($"{camera.Source}?seed={seed}&seconds={seconds}&light={light}"),
            Frame = camera.Frame with { FramesPerSecond = framesPerSecond },
        };
        var view = JunctionCameras.Of(JunctionLayout.IndexOf(new ApproachId(approach)), (double)camera.Frame.Width / camera.Frame.Height);
        var junction = new JunctionSimulation(JunctionSettings.Default with { Seed = seed });
        var votes = new Dictionary<long, Dictionary<long, int>>();
        var vehicles = new Dictionary<long, VehicleView>();
        var video = await CountedVideo.RunAsync(
            camera,
            setting,
            (time, frame, _, output) =>
            {
                junction.AdvanceTo(TimeSpan.FromSeconds(time));
                foreach (var vehicle in junction.Vehicles)
                {
                    if (TrueBoxes.Of(view, vehicle, frame.Width, frame.Height) is not { } box || box.Width < LeastWidth) continue;
                    if (CountedVideo.TrackAt(output, box, 0.5f) is not { } track) continue;
                    vehicles[vehicle.Id] = vehicle;
                    if (!votes.TryGetValue(track, out var of)) votes[track] = of = [];
                    of[vehicle.Id] = of.GetValueOrDefault(vehicle.Id) + 1;
                }
            },
            cancellation);
        var looks = new SyntheticLooks();
        foreach (var (track, of) in votes)
        {
            var (id, count) = of.MaxBy(v => v.Value);
            // Half a second at least: a moment beside another vehicle is no track of it.
            if (count >= framesPerSecond / 2) looks.Add(vehicles[id], video.Tracks[track].Class, video.Tracks[track].Colour);
        }

        return looks;
    }

    private void Add(in VehicleView vehicle, VehicleClass called, VehicleColour colour)
    {
        Classes.Add(vehicle.Class.Name(), called == VehicleClass.Unclassified ? "" : called.Name());
        Sizes.Add(vehicle.Class.Size().Name(), called.Size().Name());
        if (PaintNames.Of(vehicle) is { } paint) Colours.Add(paint.Name(), colour.Name());
    }
}
