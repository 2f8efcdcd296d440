using System.Collections.Concurrent;
using System.Diagnostics;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Vision.Ffmpeg.Confinement;

/// <summary>
/// Starts child processes, all on one thread that never ends: Linux takes the end of the thread that started a child for its parent's death,
/// and threads of the pool come and go. A sandbox dies with its parent.
/// </summary>
public static class Children
{
    private static readonly BlockingCollection<(ProcessStartInfo Command, TaskCompletionSource<Process> Started)> s_wanted = [];

    static Children() => new Thread(Run) { IsBackground = true, Name = "children" }.Start();

    /// <summary>With its three streams here, and of the environment only what a program needs: ffmpeg obeys variables (proxies, reports).</summary>
    internal static ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(ProgramPath.Of(program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        command.Environment.Clear();
        if (path is not null) command.Environment["PATH"] = path;
        command.Environment["LC_ALL"] = "C";
        return command;
    }

    /// <summary>A child that asks for its parent's death (a sandbox, setpriv --pdeathsig) dies with this process, and not before.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(ProcessStartInfo command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_wanted.Add((command, started));
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Kills it and all that it has started: a sandbox that is killed while it is being set up, alone, leaves what is in it alive, with our pipes.
    /// </summary>
    public static void Kill(Process child)
    {
        try
        {
            child.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException)
        {
            // It had ended by itself, wholly or in part.
        }
    }

    private static void Run()
    {
        foreach (var (command, started) in s_wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(command) ?? throw new InvalidOperationException($"{command.FileName} did not start"));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
