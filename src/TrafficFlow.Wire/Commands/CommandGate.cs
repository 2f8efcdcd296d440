using Microsoft.Extensions.Logging;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Commands;

/// <summary>
/// The one way to a command: it is authorised, and what changes something, or was refused, is recorded before and after. A command
/// whose record cannot be written is carried out all the same, with a warning in the log: whoever mends a full disk needs commands.
/// </summary>
public sealed partial class CommandGate(ICommandAuthorization authorization, IAuditTrail audit, ILogger<CommandGate> log)
{
    /// <param name="words">Of the catalog, for the record.</param>
    /// <param name="target">What it is for: a site, or this node.</param>
    public async Task<OperatorReply> RunAsync(
        Principal principal, IReadOnlyList<string> words, OperatorCommand command, string target, Func<Task<OperatorReply>> run)
    {
        var text = string.Join(' ', words);
        using var activity = TrafficFlowTelemetry.Activities.StartActivity($"command {command.GetType().Name}");
        if (authorization.Refuse(principal, command, target) is { } refused)
        {
            await RecordAsync(principal, text, target, $"refused: {refused.Reason}").ConfigureAwait(false);
            return refused;
        }

        if (!command.Changes) return await run().ConfigureAwait(false);
        LogCommand(principal, text, target);
        var number = await BeginAsync(principal, text, target).ConfigureAwait(false);
        var outcome = "failed";
        try
        {
            var reply = await run().ConfigureAwait(false);
            outcome = reply is CommandFailed failed ? $"failed: {failed.Reason}" : "done";
            return reply;
        }
        catch (OperationCanceledException)
        {
            outcome = "not done in time";
            throw;
        }
        finally
        {
            if (number is { } recorded) audit.End(recorded, outcome);
        }
    }

    private async Task RecordAsync(Principal principal, string text, string target, string outcome)
    {
        LogRefused(principal, text, target, outcome);
        if (await BeginAsync(principal, text, target).ConfigureAwait(false) is { } number) audit.End(number, outcome);
    }

    private async Task<long?> BeginAsync(Principal principal, string text, string target)
    {
        var number = await audit.BeginAsync(new RecordCommand(principal, text, target)).ConfigureAwait(false);
        if (number is null) LogNotRecorded(principal, text, target);
        return number;
    }

    [LoggerMessage(LogLevel.Information, "Command of {Principal} for {Target}: {Command}")]
    private partial void LogCommand(Principal principal, string command, string target);

    [LoggerMessage(LogLevel.Warning, "Command of {Principal} for {Target} is not allowed: {Command}; {Outcome}")]
    private partial void LogRefused(Principal principal, string command, string target, string outcome);

    [LoggerMessage(LogLevel.Warning, "The audit did not record the command of {Principal} for {Target}: {Command}. Is its journal full or away? See actor hierarchy")]
    private partial void LogNotRecorded(Principal principal, string command, string target);
}
