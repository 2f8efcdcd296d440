using System.Runtime.InteropServices;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests;

public sealed class CameraPipelineTests
{
    [Fact]
    public async Task The_same_input_gives_the_same_output_to_the_last_bit_on_any_thread()
    {
        var input = RandomTraffic();
        var expected = Run(input);
        Assert.Contains("Crossing", expected);

        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[10_000]);
        })).ToArray();
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Run(input))));
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(runs, run => Assert.Equal(expected, run));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    public void A_time_that_goes_back_is_refused_with_both_times_and_harms_nothing(double step)
    {
        var pipeline = new CameraPipeline(Film.Camera(10, Film.Across(200)), Film.Scores);
        var output = new PipelineOutput();
        pipeline.Process(Film.At(1), [], output);

        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Process(Film.At(1 + step), [], output));

        Assert.Contains("order of event time", refused.Message);
        Assert.Contains(Film.At(1).ToString("O"), refused.Message);
        pipeline.Process(Film.At(1.1), [], output);
        Assert.Equal(Film.At(1.1), output.Watermark);
    }

    [Fact]
    public void A_frame_of_standing_vehicles_allocates_nothing()
    {
        var pipeline = new CameraPipeline(Film.Camera(10, Film.Across(200), Film.Across(100, "h")), Film.Scores);
        var output = new PipelineOutput();
        List<Found> found = [.. Enumerable.Range(0, 10).Select(i => Film.Car(50 + (60 * i), 150))];
        var frame = 0;
        for (; frame < 300; frame++) pipeline.Process(Film.At(frame / 10.0), found, output);
        Assert.Equal(10, output.Tracks.Count);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; frame < 1300; frame++) pipeline.Process(Film.At(frame / 10.0), found, output);
        var bytesPerFrame = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytesPerFrame} bytes per frame");
        Assert.InRange(bytesPerFrame, 0, 16);
    }

    [Fact]
    public void A_pipeline_goes_on_after_its_end_with_new_track_numbers()
    {
        var pipeline = new CameraPipeline(Film.Camera(10, Film.Across(200)), Film.Scores);
        var output = new PipelineOutput();
        var numbers = new List<long>();
        for (var run = 0; run < 2; run++)
        {
            for (var frame = 0; frame < 40; frame++) pipeline.Process(Film.At((run * 10) + (frame / 10.0)), [Film.Car(300, 60 + (5 * frame))], output);
            pipeline.Finish(output);
            numbers.Add(Assert.Single(output.Crossings).Track);
        }

        Assert.Equal(2, numbers.Distinct().Count());
        pipeline.Finish(output);
        Assert.Empty(output.Crossings);
    }

    [Fact]
    public void An_end_before_the_first_frame_gives_nothing()
    {
        var output = new PipelineOutput();
        new CameraPipeline(Film.Camera(10), Film.Scores).Finish(output);

        Assert.Empty(output.Crossings);
    }

    private static List<Found>[] RandomTraffic()
    {
        var random = new Random(7);
        var cars = Enumerable.Range(0, 12).Select(_ => (X: random.Next(60, 580), Speed: random.Next(10, 80), Start: random.NextDouble() * 10)).ToArray();
        return [.. Enumerable.Range(0, 300).Select(frame => cars
            .Where(_ => random.Next(8) > 0)
            .Select(c => Film.Car(c.X + random.Next(-2, 3), 50 + (((frame / 10.0) + c.Start) * c.Speed % 300), (float)random.NextDouble()))
            .ToList())];
    }

    /// <summary>Everything that came out, with the bits of every number.</summary>
    private static string Run(List<Found>[] input)
    {
        var pipeline = new CameraPipeline(Film.Camera(10, Film.Across(200, "a"), Film.Across(260, "b")), Film.Scores);
        var output = new PipelineOutput();
        var all = new System.Text.StringBuilder();
        for (var frame = 0; frame <= input.Length; frame++)
        {
            if (frame < input.Length) pipeline.Process(Film.At(frame / 10.0), input[frame], output);
            else pipeline.Finish(output);
            foreach (var crossing in output.Crossings) all.Append(crossing).Append(crossing.Time.Ticks).Append(BitConverter.DoubleToInt64Bits(crossing.Confidence));
            foreach (var passage in output.Passages) all.Append(passage).Append(passage.LeftAt.Ticks);
            all.Append(output.Watermark.Ticks).Append(Convert.ToHexString(MemoryMarshal.AsBytes(Bits(output.Tracks).AsSpan())));
        }

        return all.ToString();

        static long[] Bits(List<TrackView> tracks) =>
            [.. tracks.SelectMany(t => new[] { t.Number, (long)t.Class, t.IsSeen ? 1 : 0, Bit(t.Box.X), Bit(t.Box.Y), Bit(t.Box.Width), Bit(t.Box.Height) })];

        static long Bit(float value) => BitConverter.SingleToInt32Bits(value);
    }
}
