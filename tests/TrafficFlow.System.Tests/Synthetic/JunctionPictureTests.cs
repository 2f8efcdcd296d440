using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Truth;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public class JunctionPictureTests
{
    private const int Width = 320;
    private const int Height = 180;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Vehicles_are_seen_where_they_are_projected(int arm)
    {
        var camera = JunctionCameras.Of(arm, (double)Width / Height);
        var empty = new ApproachDemand(0, 0, 0);
        var street = new JunctionSimulation(JunctionSettings.Default with { North = empty, East = empty, South = empty, West = empty });
        var traffic = new JunctionSimulation(JunctionSettings.Default);
        using var picture = new JunctionPicture(camera, Width, Height, Lighting.Day, 1);
        var (without, with) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
        var (seen, changed, changedInside) = (0, 0, 0);
        for (var seconds = 10; seconds <= 100; seconds += 10)
        {
            street.AdvanceTo(TimeSpan.FromSeconds(seconds));
            traffic.AdvanceTo(TimeSpan.FromSeconds(seconds));
            picture.Paint(street, seconds, without);
            picture.Paint(traffic, seconds, with);
            var boxes = traffic.Vehicles.Select(v => TrueBoxes.Of(camera, v, Width, Height)).OfType<Box>().ToList();
            foreach (var box in boxes.Where(b => b.Area > 100))
            {
                seen++;
                Assert.True(ShareChanged(box) > 0.2, $"nothing is painted in {box} at {seconds} s");
            }

            for (var i = 0; i < Width * Height; i++)
            {
                if (!IsChanged(i, 60)) continue;
                changed++;
                var (x, y) = (i % Width, i / Width);
                // Shadows fall beside the boxes, at most a vehicle's height away.
                if (boxes.Exists(b => x >= b.X - 12 && x <= b.Right + 12 && y >= b.Y - 12 && y <= b.Bottom + 6)) changedInside++;
            }
        }

        Assert.True(seen > 20, $"only {seen} vehicles in view");
        Assert.True(changedInside > 0.95 * changed, $"{changedInside} of {changed} changed pixels lie at vehicles");

        double ShareChanged(Box box)
        {
            var (hits, all) = (0, 0);
            for (var y = (int)box.Y; y < (int)box.Bottom; y++)
            {
                for (var x = (int)box.X; x < (int)box.Right; x++, all++)
                {
                    if (IsChanged((y * Width) + x, 12)) hits++;
                }
            }

            return all == 0 ? 1 : (double)hits / all;
        }

        bool IsChanged(int pixel, int by)
        {
            var at = pixel * 3;
            return Math.Abs(with[at] - without[at]) > by || Math.Abs(with[at + 1] - without[at + 1]) > by || Math.Abs(with[at + 2] - without[at + 2]) > by;
        }
    }

    [Fact]
    public void Sensor_noise_is_there_and_moderate()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        using var picture = new JunctionPicture(JunctionCameras.Of(0, (double)Width / Height), Width, Height, Lighting.Day, 1);
        var (one, other) = (new byte[Width * Height * 3], new byte[Width * Height * 3]);
        picture.Paint(simulation, 0, one);
        picture.Paint(simulation, 1, other);
        var differences = one.Zip(other, (a, b) => (double)(a - b)).ToArray();
        var deviation = Math.Sqrt(differences.Average(d => d * d) / 2);
        Assert.InRange(deviation, 1.5, 3);
    }

    [Fact]
    public void Rain_takes_contrast_and_falls_elsewhere_in_each_picture()
    {
        var (dry, wet, later, again) = (Painted(Lighting.Cloudy, 0), Painted(Lighting.Rain, 0), Painted(Lighting.Rain, 1), Painted(Lighting.Rain, 0));

        Assert.Equal(wet, again);
        Assert.True(Deviation(wet) < 0.85 * Deviation(dry), $"contrast {Deviation(wet):0.0} in rain, {Deviation(dry):0.0} without");
        // Streaks are brighter than sensor noise ever is.
        Assert.InRange(wet.Zip(later, (a, b) => Math.Abs(a - b)).Count(d => d > 20), 300, wet.Length / 10);

        static byte[] Painted(Lighting lighting, long index)
        {
            var simulation = new JunctionSimulation(JunctionSettings.Default);
            using var picture = new JunctionPicture(JunctionCameras.Of(0, (double)Width / Height), Width, Height, lighting, 1);
            var pixels = new byte[Width * Height * 3];
            picture.Paint(simulation, index, pixels);
            return pixels;
        }

        static double Deviation(byte[] pixels)
        {
            var mean = pixels.Average(p => (double)p);
            return Math.Sqrt(pixels.Average(p => (p - mean) * (p - mean)));
        }
    }
}
