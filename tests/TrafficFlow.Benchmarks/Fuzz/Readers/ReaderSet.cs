using Akka.Actor;
using Akka.Configuration;
using TrafficFlow.Wire;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>Every reader of bytes that others made.</summary>
internal sealed class ReaderSet : IDisposable
{
    private readonly ActorSystem _system;
    private readonly TlsReader _tls;
    private readonly VaultReaders _vault;

    private ReaderSet(ActorSystem system, TlsReader tls, VaultReaders vault, IReadOnlyList<FuzzReader> all) => (_system, _tls, _vault, All) = (system, tls, vault, all);

    public IReadOnlyList<FuzzReader> All { get; }

    public static ReaderSet Make(ScratchFolder scratch)
    {
        var system = ActorSystem.Create("fuzz", ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF").WithFallback(WireHosting.Reference));
        var tls = new TlsReader();
        var vault = new VaultReaders(scratch);
        return new ReaderSet(
            system, tls, vault,
            [
                .. WireReaders.All((ExtendedActorSystem)system), .. LinkReaders.All(), new AccessReader((ExtendedActorSystem)system).Reader, tls.Reader, .. ControlReaders.All(), .. SettingsReaders.All(scratch), .. TableReaders.All(scratch),
                .. VideoReaders.All(), .. vault.All,
            ]);
    }

    /// <param name="names">None for all.</param>
    /// <exception cref="BenchmarkException">There is no such reader.</exception>
    public IReadOnlyList<FuzzReader> Named(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return All;
        var unknown = names.Except(All.Select(r => r.Name)).ToList();
        return unknown.Count == 0
            ? [.. All.Where(r => names.Contains(r.Name))]
            : throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no reader {string.Join(", ", unknown)}; there are {string.Join(", ", All.Select(r => r.Name))}");
    }

    public void Dispose()
    {
        _tls.Dispose();
        _vault.Dispose();
        _system.Terminate().Wait(TimeSpan.FromSeconds(5));
    }
}
