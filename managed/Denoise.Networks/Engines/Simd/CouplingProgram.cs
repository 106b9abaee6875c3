using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// The coupling matrices <c>T[m3, m1] = factor sum_m2 Wigner3j(l1, l2, l3)[m1, m2, m3] Y_l2[m2]</c> of a layer's paths, eight
/// edges at a time. Paths with l2 = 0 need none: theirs is the unit matrix.
/// </summary>
internal sealed unsafe class CouplingProgram : IDisposable
{
    /// <summary>[slots] their terms, one at least, that follow each other in <see cref="_terms"/></summary>
    private readonly NativeBuffer<int> _slots;

    private readonly NativeBuffer<Term> _terms;
    private readonly Dictionary<(int, int, int), int> _firstSlots = [];

    public CouplingProgram(IEnumerable<ConvolutionPath> paths)
    {
        var slots = new List<int>();
        var terms = new List<Term>();
        foreach (ConvolutionPath path in paths.Where(path => path.L2 > 0))
        {
            if (!_firstSlots.TryAdd((path.L1, path.L2, path.L3), slots.Count))
                continue;
            Wigner3j tensor = Wigner3j.Get(path.L1, path.L2, path.L3);
            for (int m3 = 0; m3 <= 2 * path.L3; m3++)
                for (int m1 = 0; m1 <= 2 * path.L1; m1++)
                {
                    int first = terms.Count;
                    foreach (Wigner3j.Entry entry in tensor.Entries.Where(entry => entry.M1 == m1 && entry.M3 == m3))
                        terms.Add(new((path.L2 * path.L2 + entry.M2) * EdgeHarmonics.Capacity, (float)(path.Factor * entry.Value)));
                    if (terms.Count == first)
                        terms.Add(new(0, 0));
                    slots.Add(terms.Count - first);
                }
        }

        _slots = new(slots.Count);
        slots.CopyTo(_slots.Span);
        _terms = new(terms.Count);
        terms.CopyTo(_terms.Span);
    }

    /// <summary>A harmonic by where its edges begin.</summary>
    private readonly record struct Term(int Harmonic, float Factor);

    /// <summary>Elements of all matrices.</summary>
    public int SlotCount => (int)_slots.Length;

    /// <summary>First slot of a path's matrix; 0 where it needs none.</summary>
    public int FirstSlot(int l1, int l2, int l3) => _firstSlots.GetValueOrDefault((l1, l2, l3));

    /// <param name="harmonics">[16, EdgeHarmonics.Capacity] Y_lm of the edges' directions</param>
    /// <param name="couplings">[SlotCount, EdgeHarmonics.Capacity]</param>
    /// <param name="count">edges; whole vectors are written</param>
    public void Evaluate(float* harmonics, float* couplings, int count)
    {
        int n = 0;
        for (; n + 8 < count; n += 16)
            EvaluateTwoVectors(harmonics + n, couplings + n);
        if (n < count)
            EvaluateVector(harmonics + n, couplings + n);
    }

    /// <summary>Of a batch whose directions are there.</summary>
    /// <param name="batch">its couplings are filled</param>
    /// <param name="harmonics">[16, EdgeHarmonics.Capacity] to work in</param>
    public void Evaluate(EdgeBatch* batch, float* harmonics)
    {
        float* x = batch->Directions;
        for (int n = 0; n < batch->Count; n += 8, x += 8)
            EdgeHarmonics.Store(EdgeHarmonics.LMax, Vector256.Load(x), Vector256.Load(x + EdgeBatch.Next),
                Vector256.Load(x + 2 * EdgeBatch.Next), harmonics + n);
        Evaluate(harmonics, batch->Couplings, batch->Count);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _terms.Dispose();
    }

    private void EvaluateVector(float* harmonics, float* couplings)
    {
        Term* term = _terms.Pointer;
        for (int* slot = _slots.Pointer, last = slot + _slots.Length; slot < last; slot++, couplings += EdgeHarmonics.Capacity)
        {
            Vector256<float> sum = Vector256.Create(term->Factor) * Vector256.Load(harmonics + term->Harmonic);
            for (Term* end = term++ + *slot; term < end; term++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(term->Factor), Vector256.Load(harmonics + term->Harmonic), sum);
            Vector256.Store(sum, couplings);
        }
    }

    /// <summary>What there is to do per term besides arithmetic costs more than the arithmetic: two vectors share it.</summary>
    private void EvaluateTwoVectors(float* harmonics, float* couplings)
    {
        Term* term = _terms.Pointer;
        for (int* slot = _slots.Pointer, last = slot + _slots.Length; slot < last; slot++, couplings += EdgeHarmonics.Capacity)
        {
            Vector256<float> factor = Vector256.Create(term->Factor);
            Vector256<float> low = factor * Vector256.Load(harmonics + term->Harmonic);
            Vector256<float> high = factor * Vector256.Load(harmonics + term->Harmonic + 8);
            for (Term* end = term++ + *slot; term < end; term++)
            {
                factor = Vector256.Create(term->Factor);
                low = Vector256.FusedMultiplyAdd(factor, Vector256.Load(harmonics + term->Harmonic), low);
                high = Vector256.FusedMultiplyAdd(factor, Vector256.Load(harmonics + term->Harmonic + 8), high);
            }

            Vector256.Store(low, couplings);
            Vector256.Store(high, couplings + 8);
        }
    }
}
