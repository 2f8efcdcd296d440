using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Scene;
using Xunit;

namespace TrafficFlow.SystemTests.Scene;

/// <summary>The rendered street in more and less light and noise: what is counted well is not degraded, what cannot be seen is told.</summary>
public sealed class StreetLightTests
{
    private static readonly FrameFormat s_frame = new(640, 360, 2);

    [Theory]
    [InlineData("day", 1, 1, SceneState.InPlace)]
    [InlineData("cloudy", 1, 1, SceneState.InPlace)]
    [InlineData("dusk", 1, 1, SceneState.InPlace)]
    [InlineData("rain", 1, 1, SceneState.InPlace)]
    [InlineData("night", 1, 1, SceneState.InPlace)]
    [InlineData("night", 1.5, 1.5, SceneState.InPlace)]
    [InlineData("night", 0.015, 1, SceneState.Dark)]
    [InlineData("night", 0.5, 12, SceneState.Noisy)]
    [InlineData("day", 1, 60, SceneState.Noisy)]
    public void A_street_is_degraded_where_vehicles_cannot_be_seen(string light, float exposure, float noise, SceneState expected)
    {
        var verdicts = Watch(Lighting.All.First(l => l.Name == light), exposure, noise);

        var told = verdicts.Where(v => v.IsDegraded).Select(v => v.State).Distinct().ToList();
        Assert.Equal(expected == SceneState.InPlace ? [] : [expected], told);
        if (expected != SceneState.InPlace) Assert.NotEmpty(verdicts[^1].Explain());
    }

    private static List<SceneVerdict> Watch(Lighting light, float exposure, float noise)
    {
        using var junction = new JunctionPicture(
            JunctionCameras.Of(0, (double)s_frame.Width / s_frame.Height), s_frame.Width, s_frame.Height, light with { Exposure = light.Exposure * exposure, NoiseSigma = light.NoiseSigma * noise }, 5);
        var simulation = new JunctionSimulation(JunctionSettings.Default with { Seed = 5 });
        using var watch = new SceneWatch(TestCamera.Setup("street.mp4", s_frame), store: null);
        var pool = new FramePool(s_frame.ByteCount, 2);
        var verdicts = new List<SceneVerdict>();
        for (var i = 0; i < 50; i++)
        {
            simulation.AdvanceTo(TimeSpan.FromSeconds(20 + (i * 0.5)));
            using var captured = new CapturedFrame(pool, s_frame.Width, s_frame.Height) { Index = i, EventTime = TestCamera.FileStart.AddSeconds(i * 0.5) };
            junction.Paint(simulation, i, captured.Buffer.AsSpan());
            using var frame = captured.IntoAnonymized();
            verdicts.Add(watch.Observe(frame));
        }

        return verdicts;
    }
}
