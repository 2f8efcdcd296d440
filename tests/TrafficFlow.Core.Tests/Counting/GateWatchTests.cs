using CsCheck;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Counting;

public sealed class GateWatchTests
{
    private static readonly GateLine Line = new(Film.Gate("g", 100, 200, 300, 200), Film.Width, Film.Height);

    /// <summary>Ground points "x,y" one second apart, hysteresis 5 px; what is counted as "F time" or "B time".</summary>
    public static TheoryData<string, string, string> Walks => new()
    {
        { "straight over", "200,190 200,210", "F 0.5" },
        { "interpolated where the line was met", "200,198 200,206", "F 0.25" },
        { "back", "200,210 200,180", "B 0.3333" },
        { "over and back", "200,190 200,210 200,190", "F 0.5, B 1.5" },
        { "over, back and over again", "200,190 200,210 200,190 200,210 200,190", "F 0.5, B 1.5, F 2.5, B 3.5" },
        { "not far enough beyond", "200,190 200,204 200,196 200,203 200,190", "" },
        { "slowly beyond: the line was met before it was certain", "200,199 200,201 200,203 200,205", "F 0.5" },
        { "jitter first: the last meeting counts", "200,199 200,201 200,199 200,201 200,210", "F 2.5" },
        { "exactly on the line, then beyond", "200,190 200,200 200,210", "F 1" },
        { "on the line for a while", "200,190 200,200 200,200 200,200 200,210", "F 1" },
        { "begins on the line and goes down", "200,200 200,210 200,220", "" },
        { "exactly at the hysteresis", "200,195 200,205", "F 0.5" },
        { "beyond the end", "320,190 320,210", "" },
        { "before the start", "90,190 90,210", "" },
        { "exactly at the end", "300,190 300,210", "F 0.5" },
        { "slantwise, meets the line inside", "290,190 310,210", "F 0.5" },
        { "slantwise, meets the line outside", "298,180 308,210", "" },
        { "outside there, inside back", "320,190 320,210 200,210 200,190", "B 2.5" },
        { "inside there, outside back, inside there", "200,190 200,210 320,210 320,190 200,190 200,210", "F 0.5, F 4.5" },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void A_watch_tells_each_passage_at_the_time_of_the_line(string what, string walk, string expected)
    {
        var watch = default(GateWatch);
        var counted = new List<string>();
        var time = 0;
        foreach (var point in walk.Split(' ').Select(p => p.Split(',').Select(double.Parse).ToArray()))
        {
            if (watch.Move(Line, time++, point[0], point[1], 5) is not { } crossed) continue;
            counted.Add($"{(crossed.Direction == CrossingDirection.Forward ? 'F' : 'B')} {crossed.Time:0.####}");
        }

        Assert.Equal(expected, string.Join(", ", counted));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_watch_tells_a_wandering_vehicle_in_turn_and_only_where_it_has_been() =>
        Gen.Double[-15, 15].Array[2, 60].Sample(steps =>
        {
            var (watch, y, counted) = (default(GateWatch), 200.0, new List<GateCrossing>());
            var path = steps.Select(step => y += step).ToArray();
            for (var i = 0; i < path.Length; i++)
            {
                if (watch.Move(Line, i, 200, path[i], 5) is not { } crossed) continue;
                counted.Add(crossed);
                var forward = crossed.Direction == CrossingDirection.Forward;
                Assert.Contains(
                    Enumerable.Range(0, i),
                    k => k <= crossed.Time && crossed.Time <= k + 1 && path[k] < 200 == forward && path[k + 1] >= 200 == forward);
                Assert.True(forward ? path[i] >= 205 : path[i] <= 195);
            }

            Assert.All(counted.Zip(counted.Skip(1)), pair => Assert.NotEqual(pair.First.Direction, pair.Second.Direction));
            var wentBeyond = path[0] < 200 ? path.Any(p => p >= 205) : path.Any(p => p <= 195);
            Assert.Equal(wentBeyond, counted.Count > 0);
        });

    [Theory]
    [InlineData(200, 201)]
    [InlineData(200, 200)]
    public void A_watch_is_open_from_the_line_until_it_is_certain(double x, double y)
    {
        var watch = default(GateWatch);
        watch.Move(Line, 0, x, 190, 5);
        Assert.Null(watch.OpenSince(Line));

        watch.Move(Line, 1, x, y, 5);
        watch.Move(Line, 2, x, y, 5);
        Assert.Equal(10 / (y - 190), watch.OpenSince(Line)!.Value, 1e-9);

        watch.Move(Line, 3, x, 210, 5);
        Assert.Null(watch.OpenSince(Line));
    }
}
