using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Scene.Visibility;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Scene;

public sealed class VisibilityJudgeTests
{
    private static readonly SceneGrid s_grid = new(new FrameFormat(640, 360, 10), []);
    private readonly VisibilityJudge _judge = new(s_grid, CountedPart.Of(Camera(), s_grid), SceneSettings.Default);
    private readonly Random _random = new(1);
    private DateTimeOffset _now = new(2026, 11, 28, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(110, 2, SceneState.InPlace)]
    [InlineData(30, 1, SceneState.InPlace)]
    [InlineData(4, 0.5, SceneState.Dark)]
    [InlineData(60, 14, SceneState.Noisy)]
    public void A_road_is_seen_where_its_light_outweighs_the_noise(double level, double noise, SceneState expected)
    {
        Watch(10, level, noise);

        Assert.Equal(expected, Watch(0.5, level, noise));
    }

    [Fact]
    public void Vehicles_that_drive_by_are_no_noise()
    {
        for (var i = 0; i < 40; i++) Look(70, 1.5, (picture, x, y) => y > 60 && y < 90 && (x + (i * 37)) % 160 < 60 ? 220 : picture);

        Assert.Equal(SceneState.InPlace, Look(70, 1.5));
        Assert.InRange(_judge.Measured.Noise, 1.2, 2.2);
    }

    [Fact]
    public void A_change_of_the_light_is_no_noise()
    {
        for (var i = 0; i < 40; i++) Look(70 + (i % 2 * 12), 1.5);

        Assert.InRange(_judge.Measured.Noise, 1.2, 2.2);
    }

    [Fact]
    public void It_is_told_after_seconds_and_not_for_a_moment()
    {
        Watch(10, 80, 2);
        Assert.Equal(SceneState.InPlace, Watch(2, 4, 0.5));
        Assert.Equal(SceneState.InPlace, Watch(10, 80, 2));
        Assert.Equal(SceneState.Dark, Watch(6, 4, 0.5));
    }

    [Fact]
    public void From_dark_to_bright_and_back_each_is_told_once()
    {
        var states = new List<SceneState>();
        for (var i = 0; i < 1200; i++)
        {
            var state = Look(14 - (10 * Math.Cos(i / 1200.0 * 4 * Math.PI)), 0.3);
            if (states.Count == 0 || states[^1] != state) states.Add(state);
        }

        Assert.Equal([SceneState.InPlace, SceneState.Dark, SceneState.InPlace, SceneState.Dark, SceneState.InPlace, SceneState.Dark], states);
    }

    [Fact]
    public void At_the_limit_it_does_not_flap()
    {
        var changes = 0;
        var last = SceneState.Unknown;
        for (var i = 0; i < 2400; i++)
        {
            var state = Look(SceneSettings.Default.DarkRoad + (1.2 * Math.Sin(i * 0.7)) + ((2 * _random.NextDouble()) - 1), 0.3);
            if (state != last) changes++;
            last = state;
        }

        Assert.InRange(changes, 1, 3);
    }

    [Theory]
    [InlineData(3, SceneState.InPlace)]
    [InlineData(18, SceneState.Glare)]
    public void Headlights_dazzle_where_they_are_larger_than_lamps(int side, SceneState expected)
    {
        for (var i = 0; i < 60; i++) Look(40, 1, Lamps(side, 3 * i));

        Assert.Equal(expected, Look(40, 1, Lamps(side, 180)));
    }

    [Fact]
    public void Glare_ends_when_nobody_has_dazzled_for_a_minute()
    {
        for (var i = 0; i < 60; i++) Look(40, 1, Lamps(18, 3 * i));
        Assert.Equal(SceneState.Glare, Watch(10, 40, 1));

        Assert.Equal(SceneState.InPlace, Watch(60, 40, 1));
    }

    [Fact]
    public void A_lit_window_dazzles_nobody()
    {
        for (var i = 0; i < 400; i++) Assert.Equal(SceneState.InPlace, Look(40, 1, Lamps(18, 50)));
    }

    [Fact]
    public void By_day_nothing_white_dazzles()
    {
        for (var i = 0; i < 60; i++) Look(130, 1, Lamps(18, 3 * i));

        Assert.Equal(SceneState.InPlace, Look(130, 1, Lamps(18, 180)));
    }

    [Fact]
    public void What_lies_far_from_the_gates_does_not_matter()
    {
        var judge = new VisibilityJudge(s_grid, CountedPart.Of(Camera(new Gate(new GateId("g"), new PicturePoint(0.1, 0.7), new PicturePoint(0.9, 0.7))), s_grid), SceneSettings.Default);
        var state = SceneState.Unknown;
        for (var i = 0; i < 40; i++)
        {
            var picture = Picture(60, 1, (grey, _, y) => y < 90 ? 0 : grey);
            state = judge.Judge(picture, _now += TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(SceneState.InPlace, state);
        Assert.InRange(judge.Measured.Level, 55, 65);
    }

    private static Func<double, int, int, double> Lamps(int side, int left) => (grey, x, y) => x - left is var dx && dx >= 0 && dx < side && y >= 80 && y < 80 + side ? 255 : grey;

    private static CameraSetup Camera(params Gate[] gates) => new(new CameraId("cam1"), "street.mp4", new FrameFormat(640, 360, 10), "default", [], gates, []);

    private SceneState Watch(double seconds, double level, double noise, Func<double, int, int, double>? draw = null)
    {
        var state = SceneState.Unknown;
        for (var t = 0.0; t < seconds; t += 0.5) state = Look(level, noise, draw);
        return state;
    }

    private SceneState Look(double level, double noise, Func<double, int, int, double>? draw = null) => _judge.Judge(Picture(level, noise, draw), _now += TimeSpan.FromSeconds(0.5));

    private byte[] Picture(double level, double noise, Func<double, int, int, double>? draw)
    {
        var picture = new byte[s_grid.FineWidth * s_grid.FineHeight];
        for (var i = 0; i < picture.Length; i++)
        {
            var grey = draw?.Invoke(level, i % s_grid.FineWidth, i / s_grid.FineWidth) ?? level;
            var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
            picture[i] = (byte)Math.Clamp(Math.Round(grey + (noise * normal)), 0, 255);
        }

        return picture;
    }
}
