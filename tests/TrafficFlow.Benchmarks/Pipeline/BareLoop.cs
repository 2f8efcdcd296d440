using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>ffmpeg's pipe -> model, one thread a camera: no actors, no tracking, no counting, no journal. What the machine can give.</summary>
internal static partial class BareLoop
{
    private const int PipeBytes = 1 << 20;
    private const int SetPipeSize = 1031;

    public static Task RunAsync(InferenceSession session, CameraSetup camera, FrameLog log) =>
        Task.Factory.StartNew(() => Run(session, camera, log), TaskCreationOptions.LongRunning);

    private static void Run(InferenceSession session, CameraSetup camera, FrameLog log)
    {
        using var model = new BareModel(session, camera.Frame.Width, camera.Frame.Height);
        ReadAll(camera, picture =>
        {
            model.Prepare(picture);
            model.Infer();
            log.Done();
        });
    }

    /// <summary>Reads a camera's file with the product's own ffmpeg arguments, each frame into the same buffer.</summary>
    public static void ReadAll(CameraSetup camera, Action<Mat> work)
    {
        var arguments = FfmpegArguments.Decode(VideoSource.Parse(camera.Source), camera.Frame);
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        var pictures = ffmpeg.StandardOutput.BaseStream;
        if (pictures is PipeStream pipe) _ = Fcntl((int)pipe.SafePipeHandle.DangerousGetHandle(), SetPipeSize, PipeBytes);
        var pixels = GC.AllocateUninitializedArray<byte>(camera.Frame.ByteCount, pinned: true);
        using var picture = Mat.FromPixelData(camera.Frame.Height, camera.Frame.Width, MatType.CV_8UC3, Marshal.UnsafeAddrOfPinnedArrayElement(pixels, 0));
        while (pictures.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length) work(picture);
        ffmpeg.WaitForExit();
        if (ffmpeg.ExitCode != 0) throw new BenchmarkException(BenchmarkException.Failed, $"ffmpeg ended with exit code {ffmpeg.ExitCode}");
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
