using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision;

namespace TrafficFlow.Node;

/// <summary>
/// Runs the verb that the command line names. A verb is a class with <c>static Command Create()</c> in a folder of its own, added to the
/// root in Program.cs. Its action returns one of <see cref="ExitCodes"/> and lets expected failures through: they are told here, in
/// one way for all verbs.
/// </summary>
public static class Verbs
{
    /// <summary>
    /// How long a verb may take to end after SIGTERM or Ctrl-C before it is cut off: longer than a node's own shutdown, in which what was
    /// counted is stored. The library's 2 s would cut that short.
    /// </summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        var command = root.Parse(args);
        // A line that is being completed is not finished, and may well be wrong.
        var completes = root.Directives.OfType<SuggestDirective>().Any(d => command.GetResult(d) is not null);
        if (command.Errors.Count > 0 && !completes)
        {
            foreach (var error in command.Errors) await Console.Error.WriteLineAsync($"trafficflow: {error.Message}");
            await Console.Error.WriteLineAsync($"Try: {Name(command)} --help");
            return ExitCodes.BadUsage;
        }

        if (command.CommandResult.Command is { Action: AsynchronousCommandLineAction action } verb) verb.Action = new InBackground(action);
        try
        {
            return await command.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = StopWithin,
            });
        }
        catch (UsageException refused)
        {
            await Console.Error.WriteLineAsync($"trafficflow: {refused.Message}");
            return ExitCodes.BadUsage;
        }
        catch (SettingsException wrong)
        {
            var count = wrong.Problems.Count;
            await Console.Error.WriteLineAsync($"trafficflow: the settings have {count} {(count == 1 ? "problem" : "problems")}; nothing was started");
            foreach (var problem in wrong.Problems) await Console.Error.WriteLineAsync($"  {problem}");
            return ExitCodes.BadUsage;
        }
        catch (JobFailedException failure)
        {
            await Console.Error.WriteLineAsync($"trafficflow: {failure.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is DetectorException or FrameSourceException)
        {
            await Console.Error.WriteLineAsync($"trafficflow: {failure.Message}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("trafficflow: interrupted before the job was done");
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (MissingLibrary.Describe(failure) is { } missing)
        {
            await Console.Error.WriteLineAsync($"trafficflow: {missing}");
            return ExitCodes.Failed;
        }
        catch (IOException failure)
        {
            // A full disk under standard output, a pipe that nobody reads any more.
            await Console.Error.WriteLineAsync($"trafficflow: cannot read or write: {failure.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception unexpected)
        {
            // Nobody foresaw it, so all of it is told; the process still ends with its exit code instead of being aborted.
            await Console.Error.WriteLineAsync($"trafficflow: unexpected failure, please report it: {unexpected}");
            return ExitCodes.Failed;
        }
    }

    private static string Name(ParseResult command)
    {
        var names = new Stack<string>();
        for (SymbolResult? result = command.CommandResult; result is CommandResult { Command: not RootCommand } verb; result = verb.Parent) names.Push(verb.Command.Name);
        return string.Join(' ', names.Prepend("trafficflow"));
    }

    /// <summary>
    /// The library hears signals only once the verb has given back control: what it does before, from a menu to loading a model, would be
    /// cut off by Ctrl-C without a word.
    /// </summary>
    private sealed class InBackground(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
    {
        public override bool Terminating => action.Terminating;

        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await action.InvokeAsync(parseResult, cancellationToken);
        }
    }

    /// <summary>A verb's own help ends with its examples; the list of verbs shows one line for each.</summary>
    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // --help asks for nothing else, so a missing required option is no error beside it.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is Verb verb)
            {
                var output = parseResult.InvocationConfiguration.Output;
                foreach (var detail in verb.Details) output.WriteLine(detail);
                if (verb.Details.Count > 0) output.WriteLine();
                output.WriteLine("Examples:");
                foreach (var example in verb.Examples) output.WriteLine($"  {example}");
                output.WriteLine();
            }

            return result;
        }
    }
}

/// <summary>A command with examples in its help text.</summary>
public sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Lines between the options and the examples.</summary>
    public IReadOnlyList<string> Details { get; set; } = [];
}

/// <summary>The command line asks for something that cannot be; the message says what to change.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>An expected failure of the job itself; the message says what failed and what to do.</summary>
public sealed class JobFailedException(string message, Exception? inner = null) : Exception(message, inner);
