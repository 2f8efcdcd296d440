using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// The one way out. Takes a model, strips it to numbers, has it written in a form, reads back what was written and lets it out only if every value in it is one that the form allows: a form
/// that one day writes more than it says is refused here. Each departure is in the audit before a byte leaves, and each refusal as well. What no problem of this program has built of aggregates is refused by its type, before anything of it is looked at.
/// </summary>
public sealed class DepartureGate(IDepartureLog log, TimeProvider? time = null)
{
    /// <summary>Beyond, services refuse a request anyway.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>A double is written with fewer characters; in more, digits could spell something.</summary>
    private const int LongestNumber = 25;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private sealed class Passed(byte[] bytes, DepartureRecord record, bool isFile, DepartureGate gate) : Departure(bytes, record, isFile)
    {
        private readonly byte[] _bytes = bytes;
        private readonly bool _isFile = isFile;

        public override Task<Departure> AgainAsync(CancellationToken cancellation) => gate.LeaveAsync(_bytes, Record with { At = gate._time.GetUtcNow() }, _isFile, cancellation);
    }

    /// <param name="candidate">Only an <see cref="AggregateModel"/> passes: one that a problem has built of aggregates.</param>
    /// <param name="write">Writes the form from the numbers.</param>
    /// <exception cref="DepartureRefusedException">It may not leave.</exception>
    internal async Task<Departure> PassAsync(
        object? candidate, DepartureForm form, Func<NumericModel, byte[]> write, Uri destination, string principal, CancellationToken cancellation)
    {
        try
        {
            return await JudgeAsync(candidate, form, write, destination, principal, cancellation).ConfigureAwait(false);
        }
        catch (DepartureRefusedException e)
        {
            var place = destination.IsAbsoluteUri ? destination.GetLeftPart(UriPartial.Authority) : "";
            // A user in an address may be a secret.
            if (place.Contains('@', StringComparison.Ordinal)) place = destination.Host;
            try
            {
                await log.RecordRefusedAsync(new RefusedDeparture(principal, _time.GetUtcNow(), place, form.Kind, candidate?.GetType().Name ?? "nothing", e.Message), cancellation).ConfigureAwait(false);
            }
            catch (Exception other) when (other is not OperationCanceledException)
            {
                throw new DepartureRefusedException($"{e.Message}; and that could not be recorded ({other.Message})", e);
            }

            throw;
        }
    }

    private async Task<Departure> JudgeAsync(
        object? candidate, DepartureForm form, Func<NumericModel, byte[]> write, Uri destination, string principal, CancellationToken cancellation)
    {
        if (candidate is not AggregateModel model)
        {
            throw new DepartureRefusedException($"{candidate?.GetType().Name ?? "nothing"} does not leave: only models do that a problem of this program has built of aggregates");
        }

        if (string.IsNullOrWhiteSpace(principal)) throw new DepartureRefusedException("nobody is named as who sends the model: a departure has a principal");
        CheckDestination(destination);
        var numbers = NumericModel.Of(model);
        var bytes = write(numbers);
        if (bytes.Length > MostBytes) throw new DepartureRefusedException($"a request of {bytes.Length} bytes: {MostBytes} at most leave; make the model smaller");
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        if (form.InspectFile is { } inspect) fields.UnionWith(inspect(bytes));
        else Inspect(bytes, form, fields);
        var record = new DepartureRecord(
            principal, _time.GetUtcNow(), destination.GetLeftPart(UriPartial.Authority), form.Kind, numbers.Linear.Length, numbers.Couplings.Length, bytes.Length,
            Convert.ToHexStringLower(SHA256.HashData(bytes)))
        {
            Fields = [.. fields],
            HoldsModel = form.HoldsModel,
        };
        return await LeaveAsync(bytes, record, form.InspectFile is not null, cancellation).ConfigureAwait(false);
    }

    private async Task<Departure> LeaveAsync(byte[] bytes, DepartureRecord record, bool isFile, CancellationToken cancellation)
    {
        await log.RecordAsync(record, cancellation).ConfigureAwait(false);
        return new Passed(bytes, record, isFile, this);
    }

    /// <summary>Encrypted, or to this machine itself; without anything in the address that could carry data or a password.</summary>
    internal static void CheckDestination(Uri destination)
    {
        if (!destination.IsAbsoluteUri || destination.Scheme is not ("https" or "http")) throw new DepartureRefusedException("a solver's address begins with https://");
        if (destination.UserInfo.Length > 0) throw new DepartureRefusedException("a solver's address has no user or password in it: give the token as the credential");
        if (destination.Query.Length > 0 || destination.Fragment.Length > 0) throw new DepartureRefusedException("a solver's address has no ? and no # in it");
        if (destination.Scheme == "http" && !destination.IsLoopback) throw new DepartureRefusedException($"{destination.Host} is asked over https:// only: http is for a solver on this machine");
    }

    private static void Inspect(byte[] bytes, DepartureForm form, SortedSet<string> fields)
    {
        using var document = Parse(bytes);
        if (bytes.AsSpan().ContainsAny(" \t\r\n"u8)) throw new DepartureRefusedException($"{form.Kind} was to leave with white space, in which anything could be hidden: the program is to be mended");
        Inspect(document.RootElement, "", form, fields);
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            throw new DepartureRefusedException("what was written to leave is no JSON that can be inspected", e);
        }
    }

    private static void Inspect(JsonElement element, string path, DepartureForm form, SortedSet<string> fields)
    {
        // Neither the value nor a name that is not allowed is shown: it may be what must not leave.
        DepartureRefusedException Nowhere() => new($"a value in a place that {form.Kind} does not have was to leave: the program is to be mended");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (!form.Objects.Contains(path)) throw Nowhere();
                foreach (var property in element.EnumerateObject())
                {
                    // Each name, whatever stands under it; one that looks like a path is none.
                    var name = property.Name;
                    var place = path.Length == 0 ? name : $"{path}.{name}";
                    if (name.Length == 0 || name.AsSpan().ContainsAny(".[]") || !form.Places.Contains(place)) throw Nowhere();
                    Inspect(property.Value, place, form, fields);
                }

                return;
            case JsonValueKind.Array:
                if (!form.Lists.Contains(path)) throw Nowhere();
                var below = path + "[]";
                foreach (var item in element.EnumerateArray()) Inspect(item, below, form, fields);
                return;
            default:
                if (!form.Allowed.TryGetValue(path, out var allowed)) throw Nowhere();
                if (!IsAllowed(element, allowed)) throw new DepartureRefusedException($"{path} of {form.Kind} was to leave with what it may not hold: the program is to be mended");
                fields.Add(path);
                return;
        }
    }

    private static bool IsAllowed(JsonElement element, DepartureValue allowed) => allowed switch
    {
        DepartureValue.Number => element.ValueKind == JsonValueKind.Number && JsonMarshal.GetRawUtf8Value(element).Length <= LongestNumber && element.TryGetDouble(out var number) && double.IsFinite(number),
        DepartureValue.Truth => element.ValueKind is JsonValueKind.True or JsonValueKind.False,
        DepartureValue.Doubles => element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out var bytes) && bytes.Length % sizeof(double) == 0 && AreNumbers(bytes),
        DepartureValue.Words words => element.ValueKind == JsonValueKind.String && words.All.Contains(element.GetString()!),
        _ => false,
    };

    /// <summary>Finite, or the one NaN that says that a qubit is not used: other NaN have room for 51 bits of anything.</summary>
    private static bool AreNumbers(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at += sizeof(double))
        {
            var bits = BitConverter.ToInt64(bytes, at);
            if (!double.IsFinite(BitConverter.Int64BitsToDouble(bits)) && bits != SapiCodec.UnusedBits) return false;
        }

        return true;
    }
}

/// <summary>It does not leave; the message says why.</summary>
public sealed class DepartureRefusedException(string message, Exception? cause = null) : SolverException(message, cause);
