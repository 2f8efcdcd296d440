using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Scene;

public sealed class SceneStrokesTests
{
    private static readonly CameraSetup s_camera = new(new CameraId("cam1"), "", new FrameFormat(320, 180, 10), "default", [], [], []);

    [Fact]
    public void A_kerb_is_drawn_where_it_is_and_along_itself()
    {
        var grid = new SceneGrid(s_camera.Frame, []);
        var fine = new byte[grid.FineWidth * grid.FineHeight];
        for (var i = 0; i < fine.Length; i++) fine[i] = i % grid.FineWidth < grid.FineWidth / 4 ? (byte)60 : (byte)180;
        var picture = new ScenePicture(grid);
        picture.Take(fine);

        var strokes = SceneStrokes.Of(s_camera, new SceneReference(grid, SceneLook.Of(picture)).ToBytes());

        Assert.NotEmpty(strokes);
        // No finer than scenes are shown elsewhere: nobody is known again by them.
        Assert.Equal(strokes.Count, strokes.Select(s => ((int)((s.From.X + s.To.X) / 2 * 80), (int)((s.From.Y + s.To.Y) / 2 * 45))).Distinct().Count());
        Assert.All(strokes, s =>
        {
            Assert.InRange(s.From.X, 0.24, 0.26);
            Assert.Equal(s.From.X, s.To.X, 1e-6);
            Assert.True(Math.Abs(s.From.Y - s.To.Y) > 0.5 / grid.Height);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(5000)]
    public void Bytes_that_are_no_scene_give_no_strokes(int length) => Assert.Empty(SceneStrokes.Of(s_camera, new byte[length]));
}
