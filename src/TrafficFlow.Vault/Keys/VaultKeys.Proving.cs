using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>Ways to the master, tried one by one: a share in a drawer is found to be lost before it is needed.</summary>
public sealed partial class VaultKeys
{
    /// <summary>Opens the file of the master as it lies on the disk with what somebody has kept, and changes nothing.</summary>
    /// <returns>The way that it is.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or this opens it not.</exception>
    /// <exception cref="VaultFileException">The file cannot be read, or was changed.</exception>
    public SlotSummary Try(UnlockSecret secret)
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            var file = MasterFile.Read(Folder) ?? throw new VaultFileException($"{Path.Combine(Folder, MasterFile.Name)} is gone: the key in memory is the last one. Put the file back from a backup before the node ends, or rotate the master now");
            if (!file.IsOf(master)) throw new VaultFileException(Changed);
            foreach (var slot in file.Slots)
            {
                using var opened = slot.Open(secret, file.Id);
                if (opened is null) continue;
                return KeyWrap.IdOf(opened) == KeyWrap.IdOf(master) ? new SlotSummary(slot.Id, slot.Kind, slot.Label, slot.Made, slot.Needed, slot.Of)
                    : throw new VaultKeyException("this opens another master than the one in use: which vault is it of?");
            }

            throw new VaultKeyException(WhyNot(file, secret));
        }
    }
}
