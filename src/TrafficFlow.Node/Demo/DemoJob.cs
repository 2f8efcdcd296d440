using Spectre.Console;
using TrafficFlow.Simulation;

namespace TrafficFlow.Node.Demo;

/// <summary>
/// Runs a demo and shows it, from a thread of its own: on a machine that is too busy for anything else the table still says what is going on,
/// and Ctrl-C is still heard.
/// </summary>
public sealed class DemoJob(DemoOptions options)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainRefresh = TimeSpan.FromSeconds(5);

    /// <summary>How long the node may take to stop; what it has not delivered by then goes out after the next start.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);

    /// <summary>The length of a demo is counted from its first picture, for which it waits no longer than this.</summary>
    private static readonly TimeSpan FirstPictureWithin = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time = TimeProvider.System;

    public Task<int> RunAsync(CancellationToken interrupted)
    {
        var ended = new TaskCompletionSource<int>();
        new Thread(() => End(interrupted, ended)) { IsBackground = true, Name = "demo" }.Start();
        return ended.Task;
    }

    private void End(CancellationToken interrupted, TaskCompletionSource<int> ended)
    {
        try
        {
            ended.SetResult(Run(interrupted));
        }
        catch (Exception e)
        {
            ended.SetException(e);
        }
    }

    private int Run(CancellationToken interrupted)
    {
        var folder = Path.GetFullPath(options.Data ?? Directory.CreateTempSubdirectory("trafficflow-demo-").FullName);
        using var log = new DemoLog(folder);
        var junction = new JunctionSimulation(JunctionSettings.Default with { Seed = options.Seed });
        var run = new DemoRun(DemoNode.Define(options, folder, _time.GetUtcNow(), log), junction, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var stopped = new ManualResetEventSlim();
        Exception? broken = null;
        if (options.Length is { } length) EndAfter(run, length, end);
        _ = Task.Factory.StartNew(() => run.RunAsync(end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap().ContinueWith(
            done =>
            {
                broken = done.Exception?.GetBaseException();
                try
                {
                    stopped.Set();
                }
                catch (ObjectDisposedException)
                {
                    // Nobody waits for it any more.
                }

                if (broken is not null) Cancel(end);
            },
            TaskScheduler.Default);

        try
        {
            Show(run, folder, log.Path, end.Token);
        }
        catch (Exception)
        {
            // Nobody reads what is shown: the node ends first, and its folder goes.
            Cancel(end);
            stopped.Wait(StopWithin);
            Clean(folder, keepLog: false);
            throw;
        }

        var last = run.State;
        var failure = DemoWords.Failure(last);
        if (stopped.IsSet && broken is not null)
        {
            Clean(folder, keepLog: false);
            throw broken;
        }

        DemoSummary.Print(last, failure, options.AsJson);
        var hasStopped = stopped.Wait(StopWithin);
        log.Dispose();
        Clean(folder, keepLog: failure is not null);
        var code = failure is null ? ExitCodes.Done : ExitCodes.Failed;
        if (failure is not null) Console.Error.WriteLine($"trafficflow: {failure}. The log: {log.Path}");
        // What hangs must not keep the terminal: the stores are made for a node that ends at any moment.
        if (!hasStopped) Environment.Exit(code);
        return code;
    }

    private static void EndAfter(DemoRun run, TimeSpan length, CancellationTokenSource end)
    {
        end.CancelAfter(length + FirstPictureWithin);
        run.Streaming.ContinueWith(
            _ =>
            {
                try
                {
                    end.CancelAfter(length);
                }
                catch (ObjectDisposedException)
                {
                    // Ended meanwhile.
                }
            },
            TaskScheduler.Default);
    }

    private static void Cancel(CancellationTokenSource end)
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ended meanwhile.
        }
    }

    private void Show(DemoRun run, string folder, string log, CancellationToken end)
    {
        if (options.AsJson)
        {
            while (run.State.Page is null && !end.WaitHandle.WaitOne(Refresh))
            {
            }

            if (run.State.Page is { } page) TellPage(page);
            end.WaitHandle.WaitOne();
        }
        else if (LiveScreen.IsPossible)
        {
            string[] hints = [$"In another terminal: trafficflow watch flow.demo.north.live --data {folder}", $"Ctrl-C ends it. Log: {log}"];
            using var screen = new LiveScreen();
            do
            {
                var state = run.State;
                screen.Show(DemoTable.Of(state, LiveScreen.Width, LiveScreen.Height, state.Page is { } page ? [.. hints, $"In a browser: {page}"] : hints));
            }
            while (!end.WaitHandle.WaitOne(Refresh));
        }
        else
        {
            Console.Error.WriteLine($"trafficflow: the log is {log}");
            var told = "";
            var hasPage = false;
            while (!end.WaitHandle.WaitOne(PlainRefresh))
            {
                var state = run.State;
                AnsiConsole.MarkupLine($"{state.Running:hh\\:mm\\:ss}  {DemoTable.Total(state.Figures)}, {state.Figures.Cameras.Sum(c => c.FramesPerSecond):0} frames/s, {state.Figures.Cameras.Sum(c => c.Dropped)} left out");
                if (!hasPage && state.Page is { } page)
                {
                    TellPage(page);
                    hasPage = true;
                }

                var words = string.Join(" ", DemoWords.Of(state));
                if (words != told && words.Length > 0) AnsiConsole.WriteLine($"          {words}");
                told = words;
            }
        }
    }

    private static void TellPage(string page) => Console.Error.WriteLine($"trafficflow: in a browser: {page}");

    /// <summary>What a demo without --data has written; its log stays where it tells why nothing came.</summary>
    private void Clean(string folder, bool keepLog)
    {
        if (options.Data is not null) return;
        try
        {
            if (!keepLog) Directory.Delete(folder, recursive: true);
            else foreach (var file in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != "demo.log")) File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A node that did not stop in time still writes there: it is the temporary folder, which the machine clears.
        }
    }
}
