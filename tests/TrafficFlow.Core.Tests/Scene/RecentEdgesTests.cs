using TrafficFlow.Core.Scene;
using Xunit;

namespace TrafficFlow.Core.Tests.Scene;

public sealed class RecentEdgesTests
{
    private static readonly SceneGrid s_grid = StreetScene.Grid;

    [Fact]
    public void What_stands_is_in_it_and_what_passes_is_not()
    {
        var recent = new RecentEdges(s_grid, SceneSettings.Default);
        var picture = new ScenePicture(s_grid);
        EdgePicture? edges = null;
        var looks = 0;
        for (; edges is null && looks < 100; looks++)
        {
            picture.Take(Look(walkerAt: 10 * looks));
            edges = recent.Add(picture);
        }

        Assert.Equal(SceneSettings.Default.LearnSeconds / SceneSettings.Default.LookEvery, looks);
        Assert.Equal((80, s_grid.Height / 2, 80 * (s_grid.Height / 2)), (edges!.Width, edges.Height, edges.Strength.Length));
        var wall = edges.Width / 2;
        Assert.True(edges.Strength[wall] > 100);
        Assert.All(Enumerable.Range(0, wall - 2), x => Assert.Equal(0, edges.Strength[(edges.Height / 2 * edges.Width) + x]));
    }

    [Fact]
    public void It_begins_anew_each_time()
    {
        var recent = new RecentEdges(s_grid, SceneSettings.Default with { LearnSeconds = 1, LookEvery = 0.5 });
        var picture = new ScenePicture(s_grid);
        picture.Take(Look(walkerAt: 0));

        Assert.Equal([false, true, false, true], new[] { 0, 1, 2, 3 }.Select(_ => recent.Add(picture) is not null));
        recent.Add(picture);
        recent.Clear();
        Assert.Null(recent.Add(picture));
    }

    /// <summary>A dark half to the right of a light one, before which somebody walks.</summary>
    private static byte[] Look(int walkerAt)
    {
        var pixels = new byte[s_grid.FineWidth * s_grid.FineHeight];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % s_grid.FineWidth, i / s_grid.FineWidth);
            pixels[i] = x >= s_grid.FineWidth / 2 ? (byte)40 : Math.Abs(x - walkerAt) < 4 && Math.Abs(y - (s_grid.FineHeight / 2)) < 12 ? (byte)90 : (byte)200;
        }

        return pixels;
    }
}
