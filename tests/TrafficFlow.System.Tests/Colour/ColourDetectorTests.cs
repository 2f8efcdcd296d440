using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Colour;
using Xunit;

namespace TrafficFlow.SystemTests.Colour;

public sealed class ColourDetectorTests
{
    private const int Width = 320;
    private const int Height = 180;
    private static readonly FrameFormat s_format = new(Width, Height, 10);
    private static readonly FramePool s_pool = new(Width * Height * 3, 4);

    [Theory]
    [InlineData(110, 110, 110, 200, 30, 30, VehicleColour.Red)]
    [InlineData(110, 110, 110, 235, 235, 235, VehicleColour.White)]
    [InlineData(110, 110, 110, 25, 25, 25, VehicleColour.Black)]
    [InlineData(110, 110, 110, 30, 60, 170, VehicleColour.Blue)]
    // A bluish light: the road is blue too, so a white body is as blue as the road and still white.
    [InlineData(95, 108, 135, 200, 225, 255, VehicleColour.White)]
    public void A_body_is_named_as_an_eye_used_to_the_light_sees_it(int roadR, int roadG, int roadB, int r, int g, int b, VehicleColour colour)
    {
        var sample = Read((roadR, roadG, roadB), (r, g, b));

        Assert.Equal(colour, sample.Colour);
        Assert.True(sample.Weight > 0.1f, $"weight {sample.Weight}");
    }

    [Fact]
    public void On_a_dark_road_nothing_is_said() => Assert.Equal(0, Read((40, 38, 36), (200, 30, 30)).Weight);

    [Fact]
    public void A_frame_allocates_nothing()
    {
        using var detector = ColourDetector.Around(new Fixed(Car), s_format);
        var detections = new List<Detection>();
        long before = 0;
        for (var i = 0; i < 60; i++)
        {
            using var frame = Frame(i, (110, 110, 110), (200, 30, 30));
            if (i == 30) before = GC.GetAllocatedBytesForCurrentThread();
            var between = GC.GetAllocatedBytesForCurrentThread();
            detector.Detect(frame, detections);
            Assert.True(i < 30 || GC.GetAllocatedBytesForCurrentThread() == between, $"frame {i} allocated");
        }

        Assert.True(before > 0);
    }

    private static Detection Car => new(new Box(120, 60, 80, 60), 0.9f, VehicleClass.Unclassified);

    private static ColourSample Read((int R, int G, int B) road, (int R, int G, int B) body)
    {
        // First an empty road, then the vehicle.
        var fixedDetector = new Fixed(null);
        using var detector = ColourDetector.Around(fixedDetector, s_format);
        var detections = new List<Detection>();
        for (var i = 0; i < 20; i++)
        {
            fixedDetector.Found = i < 10 ? null : Car;
            using var frame = Frame(i, road, i < 10 ? null : body);
            detector.Detect(frame, detections);
        }

        return detections[0].Colour;
    }

    private static AnonymizedFrame Frame(int index, (int R, int G, int B) road, (int R, int G, int B)? body)
    {
        using var captured = new CapturedFrame(s_pool, Width, Height) { Index = index, EventTime = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(index * 0.25) };
        var pixels = captured.Buffer;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (r, g, b) = body is { } paint && x is >= 122 and < 198 && y is >= 62 and < 118 ? paint : road;
                var at = ((y * Width) + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)b, (byte)g, (byte)r);
            }
        }

        return captured.IntoAnonymized();
    }

    private sealed class Fixed(Detection? found) : IVehicleDetector
    {
        public Detection? Found { get; set; } = found;

        public DetectorIdentity Identity { get; } = new("fixed", "1", new ScoreBands(0.1f, 0.5f, 0.5f), false);

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            detections.Clear();
            if (Found is { } detection) detections.Add(detection);
        }

        public void Dispose()
        {
        }
    }
}
