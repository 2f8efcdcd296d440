using System.Diagnostics;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Recording;
using Xunit;

namespace TrafficFlow.SystemTests.Segments;

/// <summary>Stores and encoders that fail, hang and come back: whoever gives frames never waits, none stays borrowed, and it is said what to do.</summary>
public sealed class RecorderTroubleTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly RecorderLimits s_impatient = new() { Store = TimeSpan.FromSeconds(0.5), Encoder = TimeSpan.FromSeconds(0.5), Told = TimeSpan.FromSeconds(0.1), Check = TimeSpan.FromSeconds(0.05) };
    private readonly ManualResetEventSlim _disk = new(false);
    private readonly Clips _files = new();
    private readonly RecordedCamera _camera = new(new FrameFormat(160, 90, 10));

    [Fact]
    public async Task A_store_that_stands_still_costs_what_does_not_fit_and_nobody_waits_for_it()
    {
        using var recorder = _camera.Start(new RecorderLimits { Told = TimeSpan.FromSeconds(0.1), Check = TimeSpan.FromSeconds(0.05) });
        await _camera.GiveAsync(recorder, _camera.Times(60));
        _camera.Store.Writing = _ => _disk.Wait();
        var longest = TimeSpan.Zero;

        for (var i = 60; i < 2000; i++)
        {
            var since = Stopwatch.StartNew();
            _camera.Give(recorder, RecordedCamera.Morning.AddSeconds(i / 10.0), [RecordedCamera.Car(i)], i);
            if (since.Elapsed > longest) longest = since.Elapsed;
        }

        Assert.True(longest < TimeSpan.FromSeconds(1), $"a frame waited for {longest}");
        await TestCamera.UntilAsync(() => recorder.Progress.Trouble.Contains("has taken nothing", StringComparison.Ordinal));
        Assert.InRange(_camera.Pool.Rented, 1, 60);
        _disk.Set();
        await TestCamera.UntilAsync(() => recorder.Progress.Trouble.Length == 0);
        await _camera.GiveAsync(recorder, _camera.Times(60, RecordedCamera.Morning.AddSeconds(200)));
        recorder.End();

        Assert.Equal("", await recorder.Completion.WaitAsync(s_patience));
        var progress = recorder.Progress;
        Assert.Equal(2060, progress.Frames + progress.Lost);
        Assert.InRange(progress.Lost, 500, 1990);
        Assert.Equal(0, _camera.Pool.Rented);
        var decoded = 0;
        foreach (var segment in _camera.Store.Segments)
        {
            Assert.NotNull(segment.End);
            decoded += (await RecordedCamera.DecodeAsync(segment)).Count;
        }

        Assert.Equal(progress.Frames, decoded);
        // The gap is between segments, and never within one.
        Assert.True(_camera.Store.Segments.Count >= 2);
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("write")]
    [InlineData("close")]
    public async Task A_store_that_never_returns_is_given_up_and_is_asked_for_nothing_before_it_has(string where)
    {
        if (where == "begin") _camera.Store.Beginning = () => _disk.Wait();
        if (where == "write") _camera.Store.Writing = _ => _disk.Wait();
        if (where == "close") _camera.Store.Closing = () => _disk.Wait();
        var factory = _camera.Factory(s_impatient);
        using var recorder = factory.Create(_camera.Camera, RecordedCamera.Detector, _camera.Order);

        await _camera.GiveAsync(recorder, _camera.Times(60), waits: false);
        if (where == "close") recorder.End();

        Assert.StartsWith("the store of recordings has taken nothing for", await recorder.Completion.WaitAsync(s_patience));
        Assert.Equal(0, _camera.Pool.Rented);
        using (var next = factory.Create(_camera.Camera, RecordedCamera.Detector, _camera.Order)) Assert.Contains("has not returned", await next.Completion.WaitAsync(s_patience));
        (_camera.Store.Beginning, _camera.Store.Closing, _camera.Store.Writing) = (() => { }, () => { }, _ => { });
        _disk.Set();
        await TestCamera.UntilAsync(() => _camera.Store.Segments.All(s => !s.IsOpen));
        await TestCamera.UntilAsync(() => !factory.Create(_camera.Camera, RecordedCamera.Detector, _camera.Order).Completion.IsCompleted);
    }

    [Theory]
    [InlineData("problem")]
    [InlineData("begin")]
    [InlineData("write")]
    [InlineData("close")]
    public async Task What_a_store_says_is_passed_on(string where)
    {
        const string Full = "the disk of the recordings is full: give it space";
        if (where == "problem") _camera.Store.Problem = Full;
        if (where == "begin") _camera.Store.Beginning = () => throw new SegmentStoreException(Full);
        if (where == "write") _camera.Store.Writing = s => { if (s.Length > 0) throw new SegmentStoreException(Full); };
        if (where == "close") _camera.Store.Closing = () => throw new SegmentStoreException(Full);
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, _camera.Times(90), waits: false);
        recorder.End();

        Assert.Equal(Full, await recorder.Completion.WaitAsync(s_patience));
        Assert.Equal(0, _camera.Pool.Rented);
        Assert.Equal(90, recorder.Progress.Frames + recorder.Progress.Lost);
        Assert.All(_camera.Store.Segments, s => Assert.Equal((false, null), (s.IsOpen, s.End)));
    }

    [Fact]
    public async Task A_store_that_fails_otherwise_is_told_with_what_it_said()
    {
        _camera.Store.Writing = _ => throw new IOException("Input/output error");
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, _camera.Times(90), waits: false);

        Assert.Equal("the store of recordings failed: Input/output error: look into the node's log", await recorder.Completion.WaitAsync(s_patience));
    }

    [Fact]
    public async Task An_encoder_that_is_killed_leaves_what_it_gave_and_frames_are_counted_as_lost_from_then_on()
    {
        var camera = new RecordedCamera(new FrameFormat(162, 94, 10));
        using var recorder = camera.Start();
        await camera.GiveAsync(recorder, camera.Times(80));
        await TestCamera.UntilAsync(() => camera.Store.Segments is [{ Length: > 2000 }]);

        foreach (var id in Encoders("162x94")) Process.GetProcessById(id).Kill();
        await camera.GiveAsync(recorder, camera.Times(10, RecordedCamera.Morning.AddSeconds(8)));

        Assert.Contains("ffmpeg ended with 137", await recorder.Completion.WaitAsync(s_patience));
        await camera.GiveAsync(recorder, camera.Times(7, RecordedCamera.Morning.AddSeconds(9)));
        Assert.Equal(97, recorder.Progress.Frames + recorder.Progress.Lost);
        Assert.Equal(0, camera.Pool.Rented);
        var cut = Assert.Single(camera.Store.Segments);
        Assert.Equal((false, null), (cut.IsOpen, cut.End));
        var decoded = await RecordedCamera.DecodeAsync(cut);
        Assert.InRange(decoded.Count, 10, 80);
        Assert.All(decoded, d => Assert.Null(d.Indexed));
        Assert.Equal(RecordedCamera.Morning.AddSeconds(0.5), decoded[5].Time);
    }

    [Fact]
    public async Task An_encoder_that_is_not_there_is_told_with_the_package()
    {
        using var recorder = _camera.Start(new RecorderLimits { Encoding = "no-such-ffmpeg" });

        await _camera.GiveAsync(recorder, _camera.Times(30));

        Assert.Equal("no-such-ffmpeg cannot be started (no such file): install Debian's package ffmpeg", await recorder.Completion.WaitAsync(s_patience));
        Assert.Equal(0, _camera.Pool.Rented);
    }

    [Fact]
    public async Task An_encoder_that_takes_nothing_is_ended()
    {
        var hangs = _files.PathOf("hangs");
        await File.WriteAllTextAsync(hangs, "#!/bin/sh\nexec sleep 600\n");
        File.SetUnixFileMode(hangs, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using var recorder = _camera.Start(s_impatient with { Encoding = hangs });

        await _camera.GiveAsync(recorder, _camera.Times(60), waits: false);

        Assert.Contains("ffmpeg has not encoded anything for 0.5 s and is ended", await recorder.Completion.WaitAsync(s_patience));
        Assert.Equal((0, 0), (_camera.Pool.Rented, _camera.Store.Segments.Count));
    }

    [Fact]
    public async Task An_encoder_that_never_ends_is_ended_when_the_segment_is()
    {
        var hangs = _files.PathOf("reads");
        await File.WriteAllTextAsync(hangs, "#!/bin/sh\ncat > /dev/null\nexec sleep 600\n");
        File.SetUnixFileMode(hangs, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using var recorder = _camera.Start(s_impatient with { Encoding = hangs });
        await _camera.GiveAsync(recorder, _camera.Times(30));

        recorder.End();

        Assert.Contains("ffmpeg has not encoded anything", await recorder.Completion.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Disposed_of_it_cuts_the_segment_and_gives_back_what_it_holds_at_once()
    {
        var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(60));
        await TestCamera.UntilAsync(() => _camera.Store.Segments.Count == 1);
        Assert.True(_camera.Pool.Rented >= 19);
        _camera.Store.Writing = _ => _disk.Wait();

        recorder.Dispose();

        Assert.Equal("", await recorder.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(0, _camera.Pool.Rented);
        _disk.Set();
        await TestCamera.UntilAsync(() => !_camera.Store.Segments[0].IsOpen);
        Assert.Null(_camera.Store.Segments[0].End);
    }

    public void Dispose()
    {
        _disk.Set();
        _files.Dispose();
    }

    /// <summary>Process ids of the encoders of pictures of this size, which only this test has.</summary>
    private static IReadOnlyList<int> Encoders(string size) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture))
            .Where(id => Words(id) is var words && words.Contains(size) && words[0].EndsWith("ffmpeg", StringComparison.Ordinal)),
    ];

    private static string[] Words(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [""];
        }
    }
}
