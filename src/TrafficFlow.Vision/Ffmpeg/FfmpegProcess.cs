using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using TrafficFlow.Core.Frames;
using TrafficFlow.Vision.Ffmpeg.Confinement;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>One ffmpeg child process: its picture stream and the last of its complaints. Disposing ends it.</summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private const int KeptComplaints = 20;
    private const int PipeBytes = 1 << 20;
    private const int SetPipeSize = 1031;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _complaints = new();

    private FfmpegProcess(Process process, Action<FfmpegLine?> told)
    {
        _process = process;
        _process.ErrorDataReceived += (_, e) => Keep(e.Data, told);
        _process.BeginErrorReadLine();
        Pictures = process.StandardOutput.BaseStream;
        // A frame is larger than a pipe's usual 64 KiB: fewer, larger reads cost less. A refusal only costs speed.
        if (Pictures is PipeStream pipe) _ = Fcntl((int)pipe.SafePipeHandle.DangerousGetHandle(), SetPipeSize, PipeBytes);
    }

    /// <summary>Raw frames, one behind the other.</summary>
    public Stream Pictures { get; }

    public IReadOnlyCollection<string> Complaints => [.. _complaints];

    /// <param name="program">ffmpeg, by its name or path.</param>
    /// <param name="reach">What it may reach, if <paramref name="sandbox"/> can hold it to that.</param>
    /// <param name="told">Gets each line that ffmpeg writes of its work, in order, and null behind the last.</param>
    /// <exception cref="FrameSourceException">The program is not installed.</exception>
    public static FfmpegProcess Start(string program, IEnumerable<string> arguments, Reach reach, Sandbox sandbox, Action<FfmpegLine?> told) =>
        new(StartProgram(program, arguments, reach, sandbox), told);

    /// <param name="reach">What it may reach, if this machine can hold it to that.</param>
    internal static Process StartProgram(string program, IEnumerable<string> arguments, Reach reach, Sandbox? sandbox = null)
    {
        var path = MachineSandbox.Locate(program) ?? throw CannotStart(program, "no such file", null);
        var (first, rest) = (sandbox ?? MachineSandbox.Current).Wrap(path, arguments, reach);
        try
        {
            return Children.Start(Children.Command(first, rest));
        }
        catch (Win32Exception e)
        {
            throw CannotStart(program, e.Message, e);
        }
    }

    private static FrameSourceException CannotStart(string program, string why, Exception? cause) =>
        new(FrameSourceFailure.Unsupported, $"{program} cannot be started ({why}): install Debian's package ffmpeg", inner: cause);

    /// <summary>Waits until the child ended and all its complaints were read; null when it would not end.</summary>
    public int? WaitForExit()
    {
        // Standard output has ended, so this is the tail of the child's life: bounded, and off the actors' threads.
        if (!_process.WaitForExit(5000)) return null;
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Kill() => Children.Kill(_process);

    public void Dispose()
    {
        Kill();
        // The process closes only the streams that it gave to nobody.
        Pictures.Dispose();
        _process.Dispose();
    }

    private void Keep(string? line, Action<FfmpegLine?> told)
    {
        if (line is null) told(null);
        if (string.IsNullOrWhiteSpace(line)) return;
        var read = FfmpegLine.Read(line);
        told(read);
        if (!read.IsComplaint) return;
        _complaints.Enqueue(read.Text);
        while (_complaints.Count > KeptComplaints) _complaints.TryDequeue(out _);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
