using System.Diagnostics;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Masking;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>An ffmpeg whose pipe stays open though it was killed, as one in uninterruptible sleep keeps it.</summary>
public sealed class UnkillableReaderTests : IDisposable
{
    private static readonly FfmpegTimeouts s_timeouts = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.05));
    private readonly string _folder = Directory.CreateTempSubdirectory("unkillable").FullName;

    [Fact]
    public async Task A_read_fails_in_time_and_only_closing_waits_for_the_process()
    {
        var reader = new FfmpegFrameReader(
            VideoSource.Parse("rtsp://camera/1"), new FrameFormat(64, 48, 10), new MaskAnonymizer(64, 48, []), default, null, s_timeouts, TimeProvider.System, Program(), Sandbox.None);

        var failure = await reader.FailureAsync().WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(FrameSourceFailure.Silent, failure.Failure);
        var closing = reader.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => closing.WaitAsync(TimeSpan.FromSeconds(0.3)));

        using (var holder = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "holder"))))) holder.Kill();
        await closing.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(0, reader.RentedBuffers);
    }

    /// <summary>What it starts inherits its pipe, is nobody's child, and is not killed with it.</summary>
    private string Program()
    {
        var program = Path.Combine(_folder, "ffmpeg");
        File.WriteAllText(program, $"#!/bin/sh\n(sleep 60 & echo $! > {_folder}/holder)\nexec sleep 60\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return program;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
