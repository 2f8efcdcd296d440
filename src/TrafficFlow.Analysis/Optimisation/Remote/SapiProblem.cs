using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>A problem at D-Wave's SAPI from its submission to its answer: the same for solvers with a graph and for hybrid ones.</summary>
internal static class SapiProblem
{
    private const string Media = "application/vnd.dwave.sapi.";

    /// <param name="read">Reads the object "answer".</param>
    public static async Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, Func<JsonElement, JobAnswer> read, Action<int?> onQueue, CancellationToken cancellation)
    {
        using var submitted = await connection.SendAsync(HttpMethod.Post, "problems/", departure, Accept("problems"), cancellation).ConfigureAwait(false);
        if (submitted.Root.ValueKind != JsonValueKind.Array || submitted.Root.GetArrayLength() != 1)
        {
            CheckType(submitted, "problems");
            throw Bad("one problem was sent, and it does not tell of one");
        }

        var id = connection.JobName(Status(submitted.Root[0], "id", connection.Text));
        var path = $"problems/{id}";
        try
        {
            CheckType(submitted, "problems");
            var isDone = IsDone(submitted.Root[0], id, onQueue, connection.Text);
            var answer = isDone ? Answer(submitted.Root[0], read) : null;
            for (var asked = 0; !isDone; asked++)
            {
                await Task.Delay(PollSchedule.Delay(asked), connection.Time, cancellation).ConfigureAwait(false);
                using var status = await connection.SendAsync(HttpMethod.Get, path, null, Accept("problem"), cancellation).ConfigureAwait(false);
                CheckType(status, "problem");
                isDone = IsDone(status.Root, id, onQueue, connection.Text);
                if (isDone) answer = Answer(status.Root, read);
            }

            if (answer is not null) return (id, answer);
            using var response = await connection.SendAsync(HttpMethod.Get, $"{path}/answer", null, Accept("problem-answer"), cancellation).ConfigureAwait(false);
            CheckType(response, "problem-answer");
            return (id, Answer(response.Root, read) ?? throw Bad("the problem is completed and has no answer"));
        }
        catch
        {
            // Whatever went wrong: nobody asks for the problem any more, and what runs may be charged.
            await connection.ForgetAsync(path, Accept("problem")).ConfigureAwait(false);
            throw;
        }
    }

    private static JobAnswer? Answer(JsonElement holder, Func<JsonElement, JobAnswer> read) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("answer", out var answer) && answer.ValueKind != JsonValueKind.Null ? read(answer) : null;

    private static bool IsDone(JsonElement problem, string id, Action<int?> onQueue, ServiceText told)
    {
        if (problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("error_code", out var code) && problem.TryGetProperty("error_msg", out var message))
        {
            throw new RemoteSolverException(RemoteFailure.Failed, $"the service refuses the problem ({told.Of(code)}): {told.Of(message)}");
        }

        if (Status(problem, "id", told) != id) throw Bad("it tells of another problem than was asked for");
        switch (Status(problem, "status", told))
        {
            case "PENDING":
                // SAPI tells no position.
                onQueue(null);
                return false;
            case "IN_PROGRESS":
                return false;
            case "COMPLETED":
                return true;
            case "CANCELLED":
                throw new RemoteSolverException(RemoteFailure.Cancelled, "the service says that the problem was cancelled, and not by this program: ask its operator, or send it again");
            case "FAILED":
                var why = problem.TryGetProperty("error_message", out var text) ? told.Of(text) : "without saying why";
                throw new RemoteSolverException(RemoteFailure.Failed, $"the service failed at the problem: {why}");
            default:
                throw Bad("a problem has a status that SAPI does not have");
        }
    }

    private static string? Status(JsonElement problem, string name, ServiceText told)
    {
        if (problem.ValueKind != JsonValueKind.Object) throw Bad("it tells no problem");
        if (problem.TryGetProperty("error_msg", out var message)) throw new RemoteSolverException(RemoteFailure.Failed, $"the service refuses the problem: {told.Of(message)}");
        return problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    public static string Accept(string what) => $"{Media}{what}+json; version=3.0.0";

    /// <summary>As dwave-cloud-client: what says its type says the right one, and a version that is understood.</summary>
    public static void CheckType(ServiceResponse response, string what)
    {
        if (response.Type is not { } type) return;
        var version = type.Parameters.FirstOrDefault(p => p.Name == "version")?.Value?.Trim('"');
        if (type.MediaType == $"{Media}{what}+json" && version is not null && (version.StartsWith("3.", StringComparison.Ordinal) || (what == "problem-answer" && version.StartsWith("2.", StringComparison.Ordinal)))) return;
        throw Bad($"its media type is not {Media}{what}+json of version 3: this program may be too old for the service, or the address another's");
    }

    public static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
