using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Demo;
using TrafficFlow.Wire.Cameras;
using Xunit;

namespace TrafficFlow.SystemTests.Demo;

public sealed class DemoScreenTests
{
    private static readonly string[] s_arms = ["north", "east", "south", "west"];

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 24)]
    [InlineData(60, 30)]
    [InlineData(120, 40)]
    public void A_small_terminal_shows_every_table_whole(int width, int height)
    {
        var shown = Text(State(dropped: 900, frames: 100), width, height);

        Assert.All(shown, line => Assert.True(line.Length <= width, line));
        Assert.InRange(shown.Count, 10, height + 1);
        foreach (var arm in s_arms) Assert.Contains(shown, l => l.StartsWith($"{arm} ", StringComparison.Ordinal) && l.Contains("12"));
        Assert.Equal(5, shown.Count(l => l.Contains("streaming")));
        Assert.Contains(shown, l => l.Contains("too slow"));
    }

    [Fact]
    public void A_frame_ends_with_the_terminal()
    {
        Assert.Equal("\e[H\e[Ka\r\n\e[Kb", LiveScreen.Frame("a\nb\nc\n", 2));
        Assert.Equal("\e[H\e[Ka\r\n\e[J", LiveScreen.Frame("a\n", 2));
    }

    [Fact]
    public void A_slow_machine_is_told_with_what_it_costs()
    {
        Assert.Contains("too slow for four cameras: 90 %", Words(State(dropped: 900, frames: 100)));
        Assert.Contains("The machine is busy: 10 %", Words(State(dropped: 100, frames: 900)));
        Assert.Equal("", Words(State(dropped: 0, frames: 1000)));
    }

    [Fact]
    public void A_demo_that_delivered_is_no_failure() => Assert.Null(DemoWords.Failure(State(dropped: 900, frames: 100)));

    [Fact]
    public void A_demo_without_pictures_or_counts_tells_why()
    {
        var good = State(dropped: 900, frames: 100);
        var nothing = good.Figures with { Cameras = [.. good.Figures.Cameras.Select(c => c with { Frames = 0, Dropped = 0, State = CameraState.BackingOff, Reason = "it hangs" })] };
        var uncounted = good.Figures with { Lines = [.. good.Figures.Lines.Select(l => l with { Counted = 0 })] };

        Assert.Contains("2 of 4 streets were painted", DemoWords.Failure(DemoState.Beginning with { Painted = 2 }));
        Assert.Contains("it hangs", DemoWords.Failure(good with { Figures = nothing }));
        Assert.Contains("nothing of them was stored", DemoWords.Failure(good with { Figures = good.Figures with { Lines = [] } }));
        Assert.Contains("48 vehicles passed and none was counted: 90 %", DemoWords.Failure(good with { Figures = uncounted }));
    }

    [Fact]
    public void Losses_are_those_between_two_moments()
    {
        var later = State(dropped: 150, frames: 150).Figures;

        Assert.All(DemoLoss.Between(State(dropped: 100, frames: 100).Figures, later), l => Assert.Equal(0.5, l.Share));
        Assert.Equal(4, DemoLoss.Between(State(dropped: 100, frames: 100).Figures, later).Count);
        Assert.Empty(DemoLoss.Between(later, later));
    }

    private static string Words(DemoState state) => string.Join(" ", DemoWords.Of(state));

    private static List<string> Text(DemoState state, int width, int height) =>
        [.. SafeConsole.TextOf(DemoTable.Of(state, width, height, ["Ctrl-C ends it."]), width).TrimEnd('\n').Split('\n').Select(l => l.TrimEnd())];

    private static DemoState State(long dropped, long frames)
    {
        var lines = s_arms.SelectMany(arm => (IEnumerable<DemoLine>)
        [
            new DemoLine(new ApproachId(arm), Movement.Entering.Name, 12, 12),
            .. s_arms.Where(a => a != arm).Select(a => new DemoLine(new ApproachId(arm), Movement.To(new ApproachId(a)).Name, 4, 5)),
        ]);
        var cameras = s_arms.Select(a => Camera($"cam-{a}", frames, dropped)).Append(Camera("junction-demo", frames, 0)).ToList();
        var figures = new DemoFigures([.. lines], cameras) { Queues = [.. s_arms.Select(a => new DemoQueue(new ApproachId(a), default, 0.3))] };
        return new DemoState(TimeSpan.FromSeconds(60), 4, 4, true, figures, DemoLoss.Between(new DemoFigures([], []), figures));
    }

    private static DemoCamera Camera(string id, long frames, long dropped) => new(new CameraId(id), CameraState.Streaming, "", 9.5, frames, dropped, 55);
}
