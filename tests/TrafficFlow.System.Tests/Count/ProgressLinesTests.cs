using TrafficFlow.Node.Count;
using TrafficFlow.SystemTests.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class ProgressLinesTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly HandClock _time = new();

    private string[] Told => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void A_line_tells_every_few_seconds_how_far_the_job_is()
    {
        var lines = new ProgressLines(_output, _time, "counting", 3000);

        _time.Advance(TimeSpan.FromSeconds(30));
        for (var frame = 1; frame <= 600; frame++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            lines.Tell(frame, frame / 25.0);
        }

        Assert.Equal(
            [
                "counting: 251 of about 3000 frames (8 %), 50 frames/s, 2.0 x real time, about 55 s left",
                "counting: 501 of about 3000 frames (16 %), 50 frames/s, 2.0 x real time, about 50 s left",
            ],
            Told);
    }

    [Fact]
    public void Nothing_is_promised_where_nobody_knows_the_length()
    {
        var (unknown, wrong) = (new ProgressLines(_output, _time, "counting", null), new ProgressLines(_output, _time, "counting", 40));

        unknown.Tell(0, 0);
        wrong.Tell(0, 0);
        _time.Advance(ProgressLines.Every);
        unknown.Tell(50, 5);
        wrong.Tell(50, 5);

        Assert.Equal(["counting: 50 frames, 10 frames/s, 1.0 x real time", "counting: 50 frames, 10 frames/s, 1.0 x real time"], Told);
    }
}
