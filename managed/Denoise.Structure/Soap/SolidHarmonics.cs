namespace Denoise.Structure.Soap;

/// <summary>
/// Real solid harmonics r^l Y_lm, orthonormal on the sphere: by l, then m = 0, and for m = 1 to l the one with cos mφ and the one with
/// sin mφ. Polynomials, so that they are right at the origin, too. By recurrence in m and l.
/// </summary>
internal sealed unsafe class SolidHarmonics
{
    private readonly int _count;

    // By m: r^0 factor of the first. By m * count + l: factors of z times the last and of r^2 times the one before.
    private readonly double[] _first;
    private readonly double[] _near;
    private readonly double[] _far;

    public SolidHarmonics(int largestDegree)
    {
        _count = largestDegree + 1;
        (_first, _near, _far) = (new double[_count], new double[_count * _count], new double[_count * _count]);
        double diagonal = Math.Sqrt(0.25 / Math.PI);
        for (int m = 0; m < _count; m++)
        {
            diagonal *= m == 0 ? 1 : Math.Sqrt((2 * m + 1) / (2.0 * m));
            _first[m] = diagonal * (m == 0 ? 1 : Math.Sqrt(2));
            for (int l = m + 1; l < _count; l++)
            {
                double ll = l * l, mm = m * m, before = (l - 1.0) * (l - 1);
                double near = Math.Sqrt((4 * ll - 1) / (ll - mm));
                _near[m * _count + l] = near;
                _far[m * _count + l] = l - 1 > m ? near * Math.Sqrt((before - mm) / (4 * before - 1)) : 0;
            }
        }
    }

    /// <param name="x">Å</param>
    /// <param name="y">Å</param>
    /// <param name="z">Å</param>
    /// <param name="values">[(l_max + 1)^2]</param>
    public void Find(double x, double y, double z, double* values)
    {
        double square = x * x + y * y + z * z, cosine = 1, sine = 0;
        fixed (double* nears = _near, fars = _far)
        {
            for (int m = 0; m < _count; m++)
            {
                double last = _first[m], former = 0;
                double* near = nears + m * _count, far = fars + m * _count;
                for (int l = m; l < _count; l++)
                {
                    if (l > m)
                        (last, former) = (near[l] * z * last - far[l] * square * former, last);
                    double* to = values + l * l;
                    if (m == 0)
                        to[0] = last;
                    else
                        (to[2 * m - 1], to[2 * m]) = (last * cosine, last * sine);
                }

                (cosine, sine) = (cosine * x - sine * y, sine * x + cosine * y);
            }
        }
    }
}
