using System.Net;
using System.Text.Json;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Whoever holds the data of a node for a verb: the node that runs, which is asked over its socket, or, where none does, this process, which takes the node's lock meanwhile. Either goes by the same clock.
/// </summary>
/// <param name="given">What opens the vault, from the command line.</param>
internal sealed class VaultHolder(VaultPlace place, NodeSettings? node, GivenSecret given, TimeProvider time)
{
    public static Principal Me => new(Environment.UserName, $"unix:{Environment.UserName}");

    /// <summary>Whether the system knows its clock to be right; null where it does not tell.</summary>
    public Func<bool?> IsSynchronised { get; init; } = TimeServices.IsSynchronised;

    private VaultSettings Settings => node?.Vault ?? VaultSettings.Usual;

    /// <summary>A node runs; or another verb is at work, for a moment.</summary>
    public bool IsHeld => NodeLock.HolderOf(place.Data) is not null;

    /// <summary>Whether there is anything by which the vault can be opened.</summary>
    public bool HasKey => given.IsGiven || Settings.Credential is not null;

    /// <param name="route">On the socket of the node.</param>
    /// <param name="here">Where no node runs.</param>
    /// <exception cref="JobFailedException">The node does not answer, or the data cannot be held.</exception>
    public async Task<VaultAnswer> AnswerAsync(string route, VaultRequest request, Func<HeldData, Task<VaultAnswer>> here)
    {
        if (IsHeld) return await AskAsync(route, request);
        await using var held = await TakeAsync();
        try
        {
            return await here(held);
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <exception cref="JobFailedException">The node does not answer, or not in this form.</exception>
    public async Task<VaultAnswer> AskAsync(string route, VaultRequest request)
    {
        using var connection = new NodeConnection(place.Data);
        try
        {
            using var answer = await connection.Http.PostAsync(route, new ByteArrayContent(request.Write()));
            return answer.StatusCode == HttpStatusCode.OK ? VaultAnswer.Read(await answer.Content.ReadAsByteArrayAsync()) : throw new JobFailedException(connection.OtherForm);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.Unknown)
        {
            throw new JobFailedException(NodeLock.HolderOf(place.Data) is { } process
                ? $"process {process} holds {place.Data} and takes no requests: another verb of trafficflow is at work there, or the node is starting. Nothing was done: give the same command once more when it has ended"
                : connection.Explain(e), e);
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(connection.Explain(e), e);
        }
        catch (JsonException e)
        {
            throw new JobFailedException(connection.OtherForm, e);
        }
    }

    /// <summary>Takes the node's lock, looks at its clock as it is before anything is written, and opens its audit.</summary>
    /// <exception cref="JobFailedException">Somebody else holds them, or a file cannot be used.</exception>
    public async Task<HeldData> TakeAsync()
    {
        NodeLock? taken = null;
        try
        {
            taken = NodeLock.Take(place.Data);
            var clock = new TrustedClock(place.Data, IsSynchronised, time) { Keeps = false };
            _ = clock.Doubt();
            return new HeldData(taken, clock, await AuditLog.OpenAsync(place.Data, place.Audit, time));
        }
        catch (Exception e) when (e is NodeLockedException or VaultFileException)
        {
            taken?.Dispose();
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <exception cref="JobFailedException">Its files cannot be read.</exception>
    public RecordingVault Open(HeldData held)
    {
        try
        {
            return new RecordingVault(place.Data, node?.Remoting.NodeName ?? Environment.MachineName, Settings.Segments, () => NodeVault.MediumOf(place.Data), time, held.Clock.Passed) { SiteOf = site => node?.Sites.FirstOrDefault(s => s.Site.Id == site)?.Site };
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Opens the vault with what is given, or with what the settings name, and tells what was ended with it.</summary>
    /// <exception cref="UsageException">Nothing is given, or it is no key.</exception>
    /// <exception cref="JobFailedException">It does not open.</exception>
    public async Task UnlockAsync(RecordingVault vault)
    {
        try
        {
            using var secret = given.Read(Settings.Credential);
            foreach (var note in vault.Unlock(secret)) await Console.Error.WriteLineAsync(PlainText.Of(note));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is VaultKeyException or VaultFileException)
        {
            throw new JobFailedException(e.Message, e);
        }
    }
}

/// <summary>The data of a node that does not run, held by a verb.</summary>
/// <param name="Clock">By which it goes, as the node would.</param>
internal sealed record HeldData(NodeLock Held, TrustedClock Clock, AuditLog Log) : IAsyncDisposable
{
    public async Task<bool> RecordAsync(AuditEvent e) => await Log.RecordAsync(e) is not null;

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Held.Dispose();
    }
}
