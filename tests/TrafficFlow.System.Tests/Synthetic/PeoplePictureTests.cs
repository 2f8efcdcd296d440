using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.People;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public class PeoplePictureTests
{
    private const int Width = 320;
    private const int Height = 180;
    private static readonly StreetSettings s_walkers = new() { PedestriansPerHour = 1200 };

    [Fact]
    public void People_and_their_shadows_are_painted_where_they_are_and_nowhere_else()
    {
        var camera = JunctionCameras.Of(0, (double)Width / Height);
        var (lively, empty) = (Street(s_walkers), Street(StreetSettings.Empty));
        using var picture = new JunctionPicture(camera, Width, Height, Lighting.Day, 1);
        var (with, without) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
        var (seen, painted) = (0, 0);
        for (var seconds = 10; seconds <= 100; seconds += 10)
        {
            lively.AdvanceTo(TimeSpan.FromSeconds(seconds));
            empty.AdvanceTo(TimeSpan.FromSeconds(seconds));
            picture.Paint(lively, seconds, with);
            picture.Paint(empty, seconds, without);
            var people = lively.People.Select(p => (Feet: Seen(p, 0), Head: Seen(p, p.Height))).ToList();
            foreach (var (feet, head) in people)
            {
                if (head.Y < 2 || feet.Y > Height - 3 || feet.X < 4 || feet.X > Width - 5 || feet.Y - head.Y < 6) continue;
                seen++;
                if (Changed((int)((feet.X + head.X) / 2), (int)((feet.Y + head.Y) / 2), 2)) painted++;
            }

            for (var i = 0; i < Width * Height; i++)
            {
                if (!IsChanged(i, 60)) continue;
                var (x, y) = (i % Width, i / Width);
                Assert.True(
                    people.Exists(p => Math.Abs(x - p.Feet.X) < 12 + (p.Feet.Y - p.Head.Y) && y > p.Head.Y - 12 && y < p.Feet.Y + 12),
                    $"({x}, {y}) differs at {seconds} s and nobody is there");
            }
        }

        Assert.True(seen > 30, $"only {seen} people in view");
        // Some stand behind poles, trees and walls.
        Assert.True(painted > 0.8 * seen, $"{painted} of {seen} people are painted");

        (double X, double Y) Seen(PersonView p, double height)
        {
            var at = new Vector3((float)p.Place.X, (float)p.Place.Y, (float)height);
            if (camera.DepthOf(at) < 2) return (-1, -1);
            var place = camera.Project(at);
            return (place.X * Width, place.Y * Height);
        }

        bool Changed(int x, int y, int around)
        {
            for (var dy = -around; dy <= around; dy++)
            {
                for (var dx = -around; dx <= around; dx++)
                {
                    if (IsChanged(((y + dy) * Width) + x + dx, 14)) return true;
                }
            }

            return false;
        }

        bool IsChanged(int pixel, int by)
        {
            var at = pixel * 3;
            return Math.Abs(with[at] - without[at]) > by || Math.Abs(with[at + 1] - without[at + 1]) > by || Math.Abs(with[at + 2] - without[at + 2]) > by;
        }
    }

    [Fact]
    public void Umbrellas_open_when_it_rains()
    {
        Assert.True(Colourful(Lighting.Rain) > Colourful(Lighting.Cloudy) * 1.2, $"{Colourful(Lighting.Rain)} above {Colourful(Lighting.Cloudy)}");

        // What people add above their heads is what an umbrella takes.
        static double Colourful(Lighting lighting)
        {
            var camera = JunctionCameras.Of(0, (double)Width / Height);
            using var picture = new JunctionPicture(camera, Width, Height, lighting with { NoiseSigma = 0, StreaksPerMegapixel = lighting.StreaksPerMegapixel > 0 ? 1 : 0 }, 1);
            var (with, without) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
            var (lively, empty) = (Street(s_walkers), Street(StreetSettings.Empty));
            var changed = 0;
            for (var seconds = 10; seconds <= 60; seconds += 10)
            {
                lively.AdvanceTo(TimeSpan.FromSeconds(seconds));
                empty.AdvanceTo(TimeSpan.FromSeconds(seconds));
                picture.Paint(lively, 0, with);
                picture.Paint(empty, 0, without);
                for (var i = 0; i < with.Length; i += 3)
                {
                    if (Math.Abs(with[i] - without[i]) > 25) changed++;
                }
            }

            return changed;
        }
    }

    // Without vehicles: people hold them up, and then more than people would differ.
    private static JunctionSimulation Street(StreetSettings street)
    {
        var none = new ApproachDemand(0, 0, 0);
        return new JunctionSimulation(JunctionSettings.Default with { North = none, East = none, South = none, West = none, Street = street });
    }
}
