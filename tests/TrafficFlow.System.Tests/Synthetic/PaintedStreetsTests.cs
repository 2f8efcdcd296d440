using System.Numerics;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public sealed class PaintedStreetsTests
{
    private static readonly ViewCamera s_camera = new(new Vector3(0, -20, 9), new Vector3(0, 5, 0), 0.71f, 16f / 9);

    [Fact]
    public async Task A_view_is_painted_once_for_all_that_open_it()
    {
        var first = PaintedStreets.OfAsync(new SyntheticView(s_camera, Lighting.Day), 64, 36);
        var again = PaintedStreets.OfAsync(new SyntheticView(s_camera with { }, Lighting.Day), 64, 36);

        Assert.Same(first, again);
        Assert.NotSame(await first, await PaintedStreets.OfAsync(new SyntheticView(s_camera, Lighting.Dusk), 64, 36));
    }

    [Fact]
    public async Task A_camera_paints_over_its_own_copy_of_the_street()
    {
        var street = await PaintedStreets.OfAsync(new SyntheticView(s_camera, Lighting.Day), 128, 72);
        byte[] before = [.. street.Pixels];

        using var picture = new JunctionPicture(s_camera, street, Lighting.Day, 1);

        Assert.Equal(before, street.Pixels);
    }

    [Fact]
    public async Task A_painting_that_failed_is_begun_again()
    {
        var view = new SyntheticView(s_camera, Lighting.Day);
        var failed = PaintedStreets.OfAsync(view, 15, 15);

        await Assert.ThrowsAsync<ArgumentException>(() => failed);
        Assert.NotSame(failed, PaintedStreets.OfAsync(view, 15, 15));
    }
}
